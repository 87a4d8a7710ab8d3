import type { Resource } from '../resource.ts';
import { listReceipts } from './list.ts';
import { resolveReceipt } from './resolve.ts';
import { showReceipt } from './show.ts';

export const receiptsResource: Resource = {
  name: 'receipts',
  summary: 'see what each call did, and settle what nobody can tell',
  verbs: [listReceipts, showReceipt, resolveReceipt],
};
