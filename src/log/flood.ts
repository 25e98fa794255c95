import { levels, type Logger, type LoggerOptions } from 'pino'

const minuteMs = 60_000

/** Lines with one message that a minute may have. */
const maxLines = 60

/** Messages are ours and few. Should one ever be made of what comes from outside, so many are told apart. */
const maxMessages = 500

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/**
 * Keeps a flood of one message from filling the disk: of each so many lines go out in a minute, and at its end one
 * that says how many were left out. What is fatal always goes out, and what somebody who debugs has asked for.
 */
export function createFloodGate(windowMs = minuteMs): LogMethod {
  const counts = new Map<string, { lines: number }>()

  function begin(message: string, tell: (leftOut: number) => void): { lines: number } {
    const count = { lines: 0 }
    counts.set(message, count)
    const end = (): void => {
      counts.delete(message)
      if (count.lines > maxLines) tell(count.lines - maxLines)
    }
    setTimeout(end, windowMs).unref()
    return count
  }

  return function pass(this: Logger, args, method, level) {
    if (level < levels.values['info']! || level >= levels.values['fatal']!) return method.apply(this, args)
    const text = messageIn(args)
    const message = counts.has(text) || counts.size < maxMessages ? text : 'others'
    const tell = (leftOut: number): void =>
      method.call(this, { message, leftOut }, 'more lines of this message were left out')
    const count = counts.get(message) ?? begin(message, tell)
    if (++count.lines <= maxLines) method.apply(this, args)
  }
}

function messageIn([first, second]: readonly unknown[]): string {
  const message = typeof first === 'string' ? first : second
  return typeof message === 'string' ? message : ''
}
