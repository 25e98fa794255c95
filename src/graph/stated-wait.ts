const units: readonly (readonly [RegExp, number])[] = [
  [/^s/i, 1],
  [/^m/i, 60],
  [/^h/i, 3600],
  [/^d/i, 86_400],
]

/** The longest time that a text of Meta's asks to wait, in seconds; undefined when it names none. */
export function statedWait(text: string): number | undefined {
  const named = [...text.matchAll(/\b(\d{1,6}) ?(seconds?|secs?|minutes?|mins?|hours?|days?)\b/gi)]
  const waits = named.map(([, count, unit = '']) => {
    const [, seconds = 0] = units.find(([begins]) => begins.test(unit)) ?? []
    return Number(count) * seconds
  })
  return waits.length > 0 ? Math.max(...waits) : undefined
}
