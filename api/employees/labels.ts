import { z } from 'zod';

/** A word by which people find an employee, such as `finance` or `team:billing`. */
export const labelSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:/-]{0,62}$/,
    'lower-case letters, digits and . _ : / -, beginning with a letter or digit, 63 at most',
  );

/** Sorted, none twice. */
export const labelsSchema = z
  .array(labelSchema)
  .max(20)
  .transform((labels) => [...new Set(labels)].toSorted());
