import type { EdgeField } from '../graph/fields.ts'
import { witnessOf } from './definitions.ts'
import type { FieldFallback, EdgeCall, GraphCall, NodeCall } from './graph-call.ts'
import { mergeFields } from './merge-fields.ts'
import type { UnsupportedField, FieldRef } from './unsupported-fields.ts'
import type { Step } from './interpret.ts'
import { namedIn } from './suspects.ts'
import { trim } from './trim.ts'
import { objectKey } from './read-request.ts'

/** The same call without what is doubted, and what of that can be read as edges. */
export function leaveOut(job: GraphCall, doubt: FieldFallback): Step {
  const lessonOn = (suspect: FieldRef) => doubt.lessons.find((lesson) => isSame(lesson, suspect))
  const isRefused = (suspect: FieldRef): boolean => lessonOn(suspect) !== undefined
  switch (job.kind) {
    case 'list': {
      const { kept } = trim(job.want.type ?? '', job.fields, isRefused)
      return { again: [{ ...job, fields: mergeFields(['id'], kept), doubt }] }
    }
    case 'edge': {
      const { kept } = trim(job.type, [job.field], isRefused)
      const [field] = kept as readonly EdgeField[]
      return field ? { again: [{ ...job, field, doubt }] } : edgeRefused(job, lessonOn)
    }
    case 'node':
      return nodeWithout(job, doubt, isRefused)
  }
}

type Finds = (suspect: FieldRef) => UnsupportedField | undefined

/** The edge itself is what Graph does not know: on every object of the type, if it says of which. */
function edgeRefused(job: EdgeCall, lessonOn: Finds): Step {
  const { type, field } = job
  const lesson = lessonOn({ type, field: field.name })
  if (!lesson) return {}
  const isOfPlace = namedIn(lesson.error)?.type !== type
  return {
    failures: [{ key: objectKey(job), field: field.name, error: lesson.error }],
    learned: [{ ...lesson, edge: true, isOfPlace }],
  }
}

function nodeWithout(job: NodeCall, doubt: FieldFallback, isRefused: (suspect: FieldRef) => boolean): Step {
  const { kept, edges, lost } = trim(job.type, job.fields, isRefused)
  // What only this type has stays in, so that an object of another type does not pass and nothing wrong is learned.
  const fields = mergeFields(['id', witnessOf(job.type)], kept)
  const { type, viewer, id } = job
  const apart = edges.map((field): EdgeCall => ({ kind: 'edge', type, viewer, id, field, doubt: null }))
  return {
    again: [{ ...job, fields, doubt }, ...apart],
    failures: lost.flatMap((suspect) =>
      doubt.lessons
        .filter((lesson) => isSame(lesson, suspect))
        .map(({ field, error }) => ({ key: objectKey(job), field, error })),
    ),
  }
}

const isSame = (one: FieldRef, other: FieldRef): boolean =>
  one.type === other.type && one.field === other.field && one.edge === other.edge
