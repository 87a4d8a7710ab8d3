import { stringify } from 'yaml';
import { z } from 'zod';
import { employeeDefinitionSchema, employeeGraphSchema, explanationSchema } from '../../../contracts/employee-graph.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import { readDocument } from '../../../platform/documents/read-document.ts';
import { contentHashOf, contentOf } from '../content-hash.ts';
import type { EmployeeRow, VersionRow } from '../find.ts';
import { labelsSchema } from '../labels.ts';

/** Largest version with its explanation, several times over. */
export const MAX_FILE_BYTES = 512 * 1024;
const WANTED = 'Send what GET /v1/employees/{id}/versions/{n}/export answers, as it is or edited.';

/** An employee as a file: what a version consists of, for review and for other installations. Unknown fields are refused. */
export const employeeFileSchema = z.strictObject({
  format: z.literal('clancy-employee/1'),
  name: z.string().trim().min(1).max(120),
  labels: labelsSchema.default([]),
  /** Where it was exported from; says nothing to an import. */
  exported_from: z.strictObject({ employee_id: z.string(), version: z.int() }).optional(),
  /** Absent in a file that was edited by hand. */
  content_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  job_description: z.string().min(1).max(20_000),
  definition: employeeDefinitionSchema.extend({ graph: employeeGraphSchema.omit({ graph_id: true }) }),
  explanation: explanationSchema,
});
export type EmployeeFile = z.infer<typeof employeeFileSchema>;

/** One YAML document: the same version is the same text, line by line, wherever it is written. */
export function writeEmployeeFile({ employeeId, name, labels }: EmployeeRow, row: VersionRow): string {
  const { version, jobDescription, definition, explanation } = row;
  const head = {
    format: 'clancy-employee/1',
    name,
    labels,
    exported_from: { employee_id: employeeId, version },
    content_hash: contentHashOf(definition),
    job_description: jobDescription,
  };
  const yaml = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  // Within: by name, since the database keeps no order.
  const body = stringify({ definition: contentOf(definition), explanation }, { ...yaml, sortMapEntries: true });
  return `${stringify(head, yaml)}${body}`;
}

/**
 * Reads an employee's file. A text that holds its hash must have it: whoever edits it takes the line away.
 *
 * @throws ClancyError `payload_too_large`, `invalid_request`, `content_mismatch`
 */
export async function readEmployeeFile(text: string): Promise<EmployeeFile> {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new ClancyError('payload_too_large', `The file is larger than ${MAX_FILE_BYTES / 1024} KiB.`);
  }
  const parsed = employeeFileSchema.safeParse(await readDocument(text, { wanted: WANTED }));
  if (!parsed.success) {
    throw new ClancyError('invalid_request', 'The file is not an employee.', {
      fields: parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ field: `/${path.join('/')}`, message })),
      next: WANTED,
    });
  }
  const { content_hash: hash, definition } = parsed.data;
  if (hash !== undefined && hash !== contentHashOf(definition)) {
    throw new ClancyError('content_mismatch', 'The file is not what it was when it was exported.', {
      next: 'If it was changed on purpose, take its line content_hash away and send it again.',
    });
  }
  return parsed.data;
}
