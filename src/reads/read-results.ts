import { GraphError } from '../graph/error.ts'
import { nameOf, type FieldTree } from '../graph/fields.ts'
import { mergeFields } from './merge-fields.ts'
import type { Failure } from './plan.ts'
import type { Answer, ListAnswer } from './interpret.ts'
import { objectKey, type ListRequest, type NodeRequest, type ReadRequest } from './read-request.ts'

type Row = Readonly<Record<string, unknown>>

/** An object as far as it could be read. */
export interface ReadNode {
  readonly node: Row
  /** What of the fields was asked and answered. */
  readonly asked: FieldTree
  /** Why the others were not, by name. */
  readonly failures: ReadonlyMap<string, GraphError>
  /** None of the fields could be read, each for a reason of its own: this is the first of them. */
  readonly refused?: GraphError
  /** Graph was asked for the rest in vain: this is what memory had. */
  readonly isRemembered?: true
}

/** A list, and what of the wanted fields its rows were asked for. */
export interface ReadList {
  readonly value: unknown
  readonly asked: FieldTree
}

interface Finding {
  node: Row
  asked: FieldTree
  failure: GraphError | null
  readonly failures: Map<string, GraphError>
}

/** What the calls of one tick have brought, put together again by what was wanted. */
export class ReadResults {
  readonly #objects = new Map<string, Finding>()
  readonly #lists = new Map<ListRequest, ListAnswer>()

  addAnswer({ job, asked, row }: Answer): void {
    const finding = this.#of(objectKey(job))
    finding.node = { ...finding.node, ...row }
    finding.asked = finding.asked.length === 0 ? asked : mergeFields(finding.asked, asked)
  }

  addFailure({ key, field, error }: Failure): void {
    const finding = this.#of(key)
    if (field === null) finding.failure = error
    else finding.failures.set(field, error)
  }

  addList(answer: ListAnswer): void {
    this.#lists.set(answer.want, answer)
  }

  of(want: ReadRequest): ReadNode | ReadList | GraphError {
    return want.kind === 'node' ? this.#node(want) : this.#list(want)
  }

  #list(want: ListRequest): ReadList | GraphError {
    const answer = this.#lists.get(want)
    const outcome = answer?.outcome ?? { error: notFound() }
    return 'error' in outcome ? outcome.error : { value: outcome.value, asked: answer?.fields ?? want.fields }
  }

  /** An error when the object as a whole failed, or nothing is known of what was wanted. */
  #node(want: NodeRequest): ReadNode | GraphError {
    const { node, asked, failure, failures } = this.#of(objectKey(want))
    if (failure) return failure
    // By name: what lies below may have lost what Graph refuses there.
    const answered = new Set(asked.map(nameOf))
    const [missing, ...others] = want.fields.map(nameOf).filter((name) => !answered.has(name))
    const isBare = want.fields.every((field) => field === 'id' || !answered.has(nameOf(field)))
    if (missing !== undefined && isBare) {
      const refused = [missing, ...others].map((name) => failures.get(name)).find(Boolean)
      return refused ? { node, asked, failures, refused } : notFound()
    }
    return { node, asked, failures }
  }

  #of(key: string): Finding {
    const finding = this.#objects.get(key) ?? {
      node: {},
      asked: [],
      failure: null,
      failures: new Map<string, GraphError>(),
    }
    this.#objects.set(key, finding)
    return finding
  }
}

function notFound(): GraphError {
  return new GraphError('not-found', 'Graph has no such object, or the app may not see it.')
}
