/** Graph writes instants without a colon in the offset: 2021-12-12T01:24:21+0000. */
export const graphTime = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace(/\.\d+Z$/, '+0000')
