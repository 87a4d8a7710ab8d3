import { z } from 'zod';

/** https://developer.intuit.com/app/developer/qbo/docs/workflows/run-reports: rows hold cells, sections hold rows. */
const cellsSchema = z.looseObject({
  ColData: z.array(z.looseObject({ value: z.string().optional(), id: z.string().optional() })),
});

export interface Row {
  group?: string | undefined;
  ColData?: { value?: string | undefined; id?: string | undefined }[] | undefined;
  Header?: z.infer<typeof cellsSchema> | undefined;
  Summary?: z.infer<typeof cellsSchema> | undefined;
  Rows?: { Row?: Row[] | undefined } | undefined;
}

const rowSchema: z.ZodType<Row> = z.lazy(() =>
  z.looseObject({
    group: z.string().optional(),
    ColData: cellsSchema.shape.ColData.optional(),
    Header: cellsSchema.optional(),
    Summary: cellsSchema.optional(),
    Rows: z.looseObject({ Row: z.array(rowSchema).optional() }).optional(),
  }),
);

export const reportSchema = z.looseObject({
  Header: z.looseObject({
    StartPeriod: z.string().optional(),
    EndPeriod: z.string().optional(),
    ReportBasis: z.string().optional(),
    Currency: z.string().optional(),
  }),
  Columns: z.looseObject({ Column: z.array(z.looseObject({ ColTitle: z.string() })) }),
  Rows: z.looseObject({ Row: z.array(rowSchema).optional() }),
});
export type Report = z.infer<typeof reportSchema>;

/** A number as reports write it: empty is nothing. */
export function numberOf(value: string | undefined): number {
  const number = Number((value ?? '').replaceAll(',', ''));
  return Number.isFinite(number) ? number : 0;
}

/** The last cell of a section's sum (or of its heading, where it has no more): its total. */
export function totalOf(rows: readonly Row[], group: string): number {
  const section = rows.find((row) => row.group === group);
  const cells = (section?.Summary ?? section?.Header)?.ColData ?? section?.ColData;
  return numberOf(cells?.at(-1)?.value);
}

/** The rows of data in a section and in the sections within it, in their order. */
export function dataRows(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => (row.Rows?.Row ? dataRows(row.Rows.Row) : row.ColData && row.group === undefined ? [row] : []));
}
