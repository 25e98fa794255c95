import type { Ctx } from '../../context.ts'
import type { DeadLetter, DeadLetterSummary } from '../../events/dead-letters.ts'
import type { Viewer } from '../../graph/viewer.ts'
import { toGlobalId } from '../../graphql/ids.ts'

/** A dead letter as the app sees it that it was sent to. What it holds is read when it is asked for. */
export class DeadLetterRow {
  readonly summary: DeadLetterSummary
  readonly viewer: Viewer
  #whole: Promise<DeadLetter | null> | null = null

  constructor(summary: DeadLetterSummary, viewer: Viewer) {
    this.summary = summary
    this.viewer = viewer
  }

  get globalKey() {
    return { type: 'DeadLetter' as const, key: String(this.summary.id) }
  }

  get cursor(): string {
    return toGlobalId('DeadLetter', String(this.summary.id), this.viewer.app.appId)
  }

  /** Null when it has been deleted meanwhile. */
  whole({ deadLetters }: Ctx): Promise<DeadLetter | null> {
    this.#whole ??= deadLetters.get(this.summary.id)
    return this.#whole
  }
}

/** The row of a letter that one of these apps was sent; null for any other. */
export function deadLetterRowOf(letter: DeadLetterSummary | null, apps: Ctx['apps']): DeadLetterRow | null {
  const app = apps.find(({ appId }) => appId === letter?.appId)
  return letter && app ? new DeadLetterRow(letter, { app }) : null
}

export const findDeadLetter = async (
  { deadLetters }: Ctx,
  id: string,
  apps: Ctx['apps'],
): Promise<DeadLetterRow | null> => deadLetterRowOf(await deadLetters.get(Number(id)), apps)
