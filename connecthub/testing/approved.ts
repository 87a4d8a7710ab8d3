import type { JsonObject } from '../../contracts/json.ts';
import type { Answer } from './browser.ts';
import type { CallOptions, Office } from './office.ts';

/** A call that somebody approves where that is asked for, as Agent-Core would have it done. */
export async function callApproved(
  office: Office,
  capability: string,
  parameters: JsonObject,
  options: CallOptions = {},
): Promise<Answer> {
  const callId = options.callId ?? office.callId();
  const first = await office.call(capability, parameters, { ...options, callId });
  if (first.json['code'] !== 'approval_required') return first;
  await office.approve(Object(first.json['approval']), callId);
  return office.call(capability, parameters, { ...options, callId });
}
