/** What a call to Graph can fail with, by what follows from it. */
export type GraphErrorKind =
  | 'throttled'
  | 'token'
  | 'permission'
  | 'not-found'
  | 'invalid'
  /** `{"success":false}`: not done, and no reason given. */
  | 'declined'
  | 'unavailable'
  | 'timeout'
  | 'network'
  | 'malformed'
  | 'too-large'
  | 'aborted'
  | 'input'
