/** The value that this share of all stays below: 0.5 is the median. */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: Iterable<number>): number => quantile(values, 0.5)

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

export const milliseconds = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`

export const microseconds = (value: number): string =>
  Number.isNaN(value) ? '-' : `${Math.round(value).toLocaleString('en')} µs`

export const megabytes = (value: number): string =>
  Number.isNaN(value) ? '-' : `${Math.round(value / 1e6)} MB`

export const ratio = (of: number, to: number): string => (of / to).toFixed(2)
