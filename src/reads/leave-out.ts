import type { EdgeField } from '../graph/fields.ts'
import { witnessOf } from './definitions.ts'
import type { Doubt, EdgeJob, Job, NodeJob } from './job.ts'
import { mergeFields } from './merge-fields.ts'
import type { Lesson, Suspect } from './refusals.ts'
import type { Step } from './settle.ts'
import { namedIn } from './suspects.ts'
import { trim } from './trim.ts'
import { objectKey } from './want.ts'

/** The same call without what is doubted, and what of that can be read as edges. */
export function leaveOut(job: Job, doubt: Doubt): Step {
  const lessonOn = (suspect: Suspect) => doubt.lessons.find((lesson) => isSame(lesson, suspect))
  const isRefused = (suspect: Suspect): boolean => lessonOn(suspect) !== undefined
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

type Finds = (suspect: Suspect) => Lesson | undefined

/** The edge itself is what Graph does not know: on every object of the type, if it says of which. */
function edgeRefused(job: EdgeJob, lessonOn: Finds): Step {
  const { type, field } = job
  const lesson = lessonOn({ type, field: field.name })
  if (!lesson) return {}
  const isOfPlace = namedIn(lesson.error)?.type !== type
  return {
    failures: [{ key: objectKey(job), field: field.name, error: lesson.error }],
    learned: [{ ...lesson, edge: true, isOfPlace }],
  }
}

function nodeWithout(job: NodeJob, doubt: Doubt, isRefused: (suspect: Suspect) => boolean): Step {
  const { kept, edges, lost } = trim(job.type, job.fields, isRefused)
  // What only this type has stays in, so that an object of another type does not pass and nothing wrong is learned.
  const fields = mergeFields(['id', witnessOf(job.type)], kept)
  const { type, viewer, id } = job
  const apart = edges.map((field): EdgeJob => ({ kind: 'edge', type, viewer, id, field, doubt: null }))
  return {
    again: [{ ...job, fields, doubt }, ...apart],
    failures: lost.flatMap((suspect) =>
      doubt.lessons
        .filter((lesson) => isSame(lesson, suspect))
        .map(({ field, error }) => ({ key: objectKey(job), field, error })),
    ),
  }
}

const isSame = (one: Suspect, other: Suspect): boolean =>
  one.type === other.type && one.field === other.field && one.edge === other.edge
