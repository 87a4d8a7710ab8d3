import { CHANNEL } from '../employees.ts';
import { timedPost } from '../timed-post.ts';
import type { Office } from './offices.ts';

/** The same `chat.postMessage` straight at the provider and through ConnectHub; both give the milliseconds it took. */
export interface Ways {
  readonly direct: (office: Office) => Promise<number>;
  readonly proxy: (office: Office) => Promise<number>;
}

export interface WaysDeps {
  readonly connecthubUrl: string;
  readonly sandboxUrl: string;
  /** A text that no other message has. */
  readonly nextText: () => string;
}

export function createWays({ connecthubUrl, sandboxUrl, nextText }: WaysDeps): Ways {
  return {
    direct: ({ slackToken }) => {
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
    },
    proxy: ({ run, nextCallId }) => {
      const post = {
        url: `${connecthubUrl}/proxy/slack/slack.post`,
        headers: {
          authorization: `Bearer ${run.agentToken}`,
          'clancy-run-ticket': run.ticket,
          'idempotency-key': nextCallId(),
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: JSON.stringify({ connection_id: run.connectionId, parameters: { channel: CHANNEL, text: nextText() } }),
      };
      return timedPost(post, (answer, status) => status === 200 && answer.includes('"replayed":false'));
    },
  };
}
