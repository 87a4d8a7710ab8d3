import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { RunNotCompletedError, UsageError } from '../exit-codes.ts';
import { idInput, jsonInput, pairsInput, versionInput } from '../inputs.ts';
import type { Session } from '../session.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';
import { renderRehearsal } from './render-rehearsal.ts';

export const rehearseEmployee = verb({
  name: 'rehearse',
  summary: 'run a version without changing anything, and list what it would do, against the active version',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the newest' },
    { flags: '--from-run <run>', description: 'with the input of a run that was real; its reads are answered by what it read' },
    { flags: '--input <json>', description: 'with an example: the input of a run as a JSON object' },
    { flags: '--set <name=value>', description: 'with an example: a text in the input of a run', isRepeatable: true },
    { flags: '--live-reads', description: 'with --from-run: read anew' },
    { flags: '--reject', description: "take people's answers for a no (a yes unless said otherwise)" },
    { flags: '--answer <capability=answer>', description: 'approve or reject, for one capability', isRepeatable: true },
    {
      flags: '--connection <provider=id>',
      description: 'which connection to read over where a provider has several',
      isRepeatable: true,
    },
    { flags: '--no-compare', description: 'do not rehearse the active version as well' },
    { flags: '--no-wait', description: 'print the run and go; `clancy runs show` and --show tell of it later' },
    { flags: '--show <run>', description: 'start nothing: show what an earlier rehearsal would have done' },
  ],
  makesSomething: true,
  examples: [
    'clancy employees rehearse 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees rehearse 4f3k9wz0h1c7m2v8x5tq6n0rda --version 2 --from-run emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z',
    'clancy employees rehearse 4f3k9wz0h1c7m2v8x5tq6n0rda --answer gmail/email.send=reject',
  ],
  input: z.strictObject({
    employee: idInput,
    version: versionInput.optional(),
    fromRun: z.string().min(1).optional(),
    input: jsonInput(jsonObjectSchema).optional(),
    set: pairsInput.optional(),
    liveReads: z.boolean().default(false),
    reject: z.boolean().default(false),
    answer: pairsInput.optional(),
    connection: pairsInput.optional(),
    compare: z.boolean().default(true),
    wait: z.boolean().default(true),
    show: z.string().min(1).optional(),
  }),
  run: async (
    session,
    { employee, version, fromRun, input, set, liveReads, reject, answer, connection, compare, wait, show },
  ) => {
    if (show !== undefined) return session.show(await session.client.rehearsals.get(show), renderRehearsal);
    if ([fromRun, input, set].filter((one) => one !== undefined).length > 1) {
      throw new UsageError('Use --from-run, --input or --set, one of them.');
    }
    const number = version ?? (await newestVersion(session.client, employee));
    const rehearsal = {
      ...(fromRun === undefined ? { input: input ?? set ?? {} } : { fromRun, ...(liveReads && { reads: 'live' }) }),
      approvals: { answer: reject ? 'reject' : 'approve', ...(answer && { capabilities: answer }) },
      ...(connection && { connections: connection }),
      compare,
    };
    const accepted = await session.client.rehearsals.start(employee, number, rehearsal, session.idempotencyKey);
    if (!wait)
      return session.show(
        accepted,
        ({ run_id: run }) => `Run  ${run}\n\nNext: clancy employees rehearse ${employee} --show ${run}`,
      );
    await untilOver(session, accepted.run_id);
    if (accepted.baseline_run_id != null) await untilOver(session, accepted.baseline_run_id);
    const shown = await session.client.rehearsals.get(accepted.run_id);
    session.show(shown, renderRehearsal);
    if (shown.status !== 'completed') throw new RunNotCompletedError(`The rehearsal did not complete: ${shown.status}.`);
  },
});

async function untilOver({ client, note }: Session, runId: string): Promise<void> {
  const onReconnect = (reason: string) => note(`${reason} Going on where it stopped.`);
  // Its events tell when it is over; what it came to is read then.
  for await (const _event of client.runs.events(runId, { onReconnect }));
  await client.runs.end(runId);
}
