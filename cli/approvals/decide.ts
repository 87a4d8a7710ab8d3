import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import { SomeRefusedError, UsageError } from '../exit-codes.ts';
import { idInput, jsonInput } from '../inputs.ts';
import { verb, type Register, type VerbOption } from '../verb.ts';
import { decideEach } from './decide-each.ts';
import { renderApproval } from './render-approval.ts';
import { renderDecided } from './render-decided.ts';

const ID = '0b6f8a86-8c53-4a0e-9d6c-0d6f5a1f6f10';

const selection: readonly VerbOption[] = [
  { flags: '--reason <text>', description: 'why, for the employee and for those who look later' },
  { flags: '--all', description: 'all that wait, of one employee or one run' },
  { flags: '--employee <id>', description: 'with --all: those of this employee' },
  { flags: '--run <id>', description: 'with --all: those of this run' },
];
const selectionInput = {
  approval: z.array(idInput).default([]),
  reason: z.string().optional(),
  all: z.boolean().default(false),
  employee: idInput.optional(),
  run: idInput.optional(),
};

interface Selection {
  approval: string[];
  all: boolean;
  employee?: string | undefined;
  run?: string | undefined;
}

function decision(
  name: 'approve' | 'reject',
  about: { summary: string; options?: readonly VerbOption[]; examples?: readonly string[] },
): Register {
  return verb({
    name,
    summary: about.summary,
    arguments: [['[approval...]', 'ids of the approvals']],
    options: [...selection, ...(about.options ?? [])],
    makesSomething: true,
    examples: [
      `clancy approvals show ${ID}   (read exactly what will run first)`,
      `clancy approvals ${name} ${ID}`,
      ...(about.examples ?? []),
      `clancy approvals ${name} --all --employee 4f3k9wz0h1c7m2v8x5tq6n0rda`,
    ],
    input: z.strictObject({ ...selectionInput, parameters: jsonInput(jsonObjectSchema).optional() }),
    run: async ({ client, show, idempotencyKey }, { reason, parameters, ...selected }) => {
      const only = onlyOne(selected, parameters);
      if (only !== undefined) {
        const { approvals } = client;
        const answer = name === 'approve' ? approvals.approve(only, reason, parameters) : approvals.reject(only, reason);
        return show(await answer, renderApproval);
      }
      const ids = selected.all ? await waiting(client.approvals.list, selected) : selected.approval;
      const word = name === 'approve' ? ('approved' as const) : ('rejected' as const);
      const decisions = ids.map((approval_id) => ({ approval_id, decision: word, reason }));
      const decided = await decideEach(client.approvals.decide, decisions, idempotencyKey);
      show(decided, renderDecided);
      const refused = decided.results.filter(({ status }) => status !== 200).length;
      if (refused > 0) throw new SomeRefusedError(`${refused} of ${decided.results.length} could not be decided.`);
    },
  });
}

/** The one approval that is meant; undefined for a selection of several. @throws UsageError */
function onlyOne({ approval, all, employee, run }: Selection, parameters: JsonObject | undefined): string | undefined {
  const isFiltered = employee !== undefined || run !== undefined;
  if (all && approval.length > 0) throw new UsageError('Either --all or ids, not both.');
  if (all && !isFiltered) throw new UsageError('--all: say of which --employee or --run.');
  if (!all && isFiltered) throw new UsageError('--employee and --run: only with --all.');
  if (!all && approval.length === 0) throw new UsageError('<approval>: an identifier is missing');
  if (parameters && (all || approval.length > 1)) throw new UsageError('--parameters: for one approval only.');
  return all || approval.length > 1 ? undefined : approval[0];
}

type List = (query: object) => Promise<{ items: { approval_id: string }[]; next_cursor?: string | null | undefined }>;

/** Those that wait now: what is asked for later is not decided unseen. */
async function waiting(list: List, { employee, run }: Selection): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ status: 'pending', employee_id: employee, run_id: run, limit: 100, cursor });
    ids.push(...page.items.map(({ approval_id }) => approval_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

export const approve = decision('approve', {
  summary: 'let exactly these calls go out, once (or answer the question with yes)',
  options: [{ flags: '--parameters <json>', description: 'let the call go out with these parameters instead: all of them' }],
  examples: [`clancy approvals approve ${ID} --parameters '{"channel":"#team","text":"Corrected."}'`],
});
export const reject = decision('reject', { summary: 'say no: the calls do not go out' });
