import { z } from 'zod';
import { runPage, type UiLinks } from '../../platform/temporal/web-ui.ts';
import { receiptSchema, type Receipt } from './wire.ts';

/** `temporal_ui`: the page of its run in Temporal's Web UI, for platform operators. */
export const receiptView = receiptSchema.extend({ links: z.strictObject({ temporal_ui: z.string().optional() }) });

export function toReceiptView(receipt: Receipt, ui: UiLinks): z.infer<typeof receiptView> {
  return { ...receipt, links: runPage(ui, receipt.run_id) };
}
