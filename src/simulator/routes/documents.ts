import { z } from 'zod'

import { invalid, missing } from '../graph/error.ts'
import type { Params } from '../graph/params.ts'
import { isList } from '../json.ts'

const File = z.strictObject({ filename: z.string(), type: z.string(), size: z.int() })
const most = 3
const mostBytes = 5 * 1024 * 1024
const types = new Set(['application/pdf', 'image/jpeg', 'image/jpg', 'image/png'])

/** One to three files of up to 5 MB, PDF, JPEG, JPG or PNG: guide "Partner-led business verification". */
export function documentsOf(params: Params): void {
  const given = params.get('business_documents')
  if (given === undefined) throw missing('business_documents')
  const files = z
    .array(File)
    .min(1)
    .max(most)
    .safeParse(isList(given) ? given : [given])
  if (!files.success) throw invalid(`Param business_documents must be 1 to ${most} files`)
  for (const file of files.data) {
    if (!isDocument(file)) throw invalid('Param business_documents must hold PDF, JPEG, JPG or PNG files')
    if (file.size > mostBytes) throw invalid('A file of business_documents is larger than 5 MB')
  }
}

/** Some clients name no type; then the name has to tell. */
const isDocument = ({ filename, type }: z.output<typeof File>): boolean =>
  types.has(type) || (/^(application\/octet-stream)?$/.test(type) && /\.(pdf|jpe?g|png)$/i.test(filename))
