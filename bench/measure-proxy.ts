import { makeCallId } from '../contracts/ids.ts';
import { CHANNEL } from './employees.ts';
import type { OpenRun } from './open-run.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { timedPost } from './timed-post.ts';

export interface ProxyFigures {
  /** Of one message each way. */
  readonly pairs: number;
  readonly direct: Spread;
  readonly proxy: Spread;
  /** Difference of the medians. */
  readonly added_ms: number;
}

export interface ProxyDeps {
  readonly run: OpenRun;
  readonly connecthubUrl: string;
  readonly sandboxUrl: string;
  /** The workspace's own token, which only ConnectHub holds outside of this benchmark. */
  readonly slackToken: string;
  readonly nextText: () => string;
  /** Calls of the run that were made before. */
  readonly callsMade: number;
}

const WARM_UP_PAIRS = 30;

/**
 * The same `chat.postMessage` straight at the provider and through ConnectHub, one after the other and in turns, so that
 * whatever slows the machine down slows both.
 */
export async function measureProxy(deps: ProxyDeps, pairs: number): Promise<ProxyFigures> {
  const directMs: number[] = [];
  const proxyMs: number[] = [];
  for (let pair = 1; pair <= WARM_UP_PAIRS + pairs; pair += 1) {
    const ways = [async () => directMs.push(await direct(deps)), async () => proxyMs.push(await throughProxy(deps, pair))];
    for (const way of pair % 2 === 0 ? ways : ways.toReversed()) await way();
  }
  const [straight, proxied] = [directMs, proxyMs].map((samples) => spreadOf(samples.slice(WARM_UP_PAIRS)));
  if (!straight || !proxied) throw new RangeError('no pair was measured');
  return { pairs, direct: straight, proxy: proxied, added_ms: proxied.p50_ms - straight.p50_ms };
}

function direct({ sandboxUrl, slackToken, nextText }: ProxyDeps): Promise<number> {
  const metadata = JSON.stringify({ event_type: 'bench', event_payload: { key: 'as long as the marker of a call' } });
  const post = {
    url: `${sandboxUrl}/slack/api/chat.postMessage`,
    headers: {
      authorization: `Bearer ${slackToken}`,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      accept: 'application/json',
    },
    body: new URLSearchParams({ channel: CHANNEL, text: nextText(), metadata }).toString(),
  };
  return timedPost(post, (answer) => answer.includes('"ok":true'));
}

function throughProxy({ run, connecthubUrl, nextText, callsMade }: ProxyDeps, n: number): Promise<number> {
  const post = {
    url: `${connecthubUrl}/proxy/slack/slack.post`,
    headers: {
      authorization: `Bearer ${run.agentToken}`,
      'clancy-run-ticket': run.ticket,
      'idempotency-key': makeCallId({ skillRun: run.skillRun, items: [], n: callsMade + n }),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ connection_id: run.connectionId, parameters: { channel: CHANNEL, text: nextText() } }),
  };
  return timedPost(post, (answer, status) => status === 200 && answer.includes('"replayed":false'));
}
