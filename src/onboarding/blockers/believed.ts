// Graph may be behind what Meta has told a moment ago; and what ends without an event, Graph alone shows.
const believedMs = 24 * 60 * 60_000

/** Whether something that Meta told counts although Graph shows nothing of it. */
export const isBelieved = (toldAt: number, now: number): boolean => now - toldAt < believedMs
