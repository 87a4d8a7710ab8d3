import { z } from 'zod';

/** Of a thing that has a page in Temporal's Web UI, where there is one. */
export const webUiLinks = z.looseObject({ temporal_ui: z.string().optional() });
