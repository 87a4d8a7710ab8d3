import type { Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { makeCallId } from '../../contracts/ids.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { FLOOR_TABLE } from './table.ts';

/** A message, and its number among the calls of the run whose ticket the floor uses. */
export interface FloorCall {
  readonly text: string;
  readonly n: number;
}

export interface FloorActivities {
  /** Posts the message through ConnectHub; gives the provider's id of it. */
  call(input: FloorCall): Promise<string>;
  record(row: { text: string; ts: string }): Promise<void>;
}

export interface FloorDeps {
  readonly pool: Pick<Pool, 'query'>;
  readonly connecthubUrl: string;
  readonly channel: string;
  /** Of an open run: without one ConnectHub makes no call. */
  readonly run: {
    readonly skillRun: string;
    readonly ticket: string;
    readonly agentToken: string;
    readonly connectionId: string;
  };
}

const answerSchema = z.looseObject({ result: z.looseObject({ ts: z.string() }) });

export function createFloorActivities({ pool, connecthubUrl, channel, run }: FloorDeps): FloorActivities {
  return {
    async call({ text, n }) {
      const parameters: JsonObject = { channel, text };
      const { statusCode, body } = await request(`${connecthubUrl}/proxy/slack/slack.post`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${run.agentToken}`,
          'clancy-run-ticket': run.ticket,
          'idempotency-key': makeCallId({ skillRun: run.skillRun, items: [], n }),
          'content-type': 'application/json',
        },
        body: JSON.stringify({ connection_id: run.connectionId, parameters }),
      });
      const answer = await body.text();
      if (statusCode !== 200) throw new Error(`ConnectHub answered ${statusCode}: ${answer.slice(0, 500)}`);
      return answerSchema.parse(JSON.parse(answer)).result.ts;
    },
    async record({ text, ts }) {
      await pool.query(`insert into ${FLOOR_TABLE} (text, ts) values ($1, $2)`, [text, ts]);
    },
  };
}
