import type { SandboxClient } from '../../dev/sandbox/client.ts';
import type { GmailEffect } from '../../dev/sandbox/gmail/wire.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';
import type { QuickBooksEffect } from '../../dev/sandbox/quickbooks/client.ts';
import type { SlackEffect } from '../../dev/sandbox/slack/wire.ts';

/** What the providers themselves saw of an organisation, whatever our own records say. */
export interface Judge {
  readonly accounts: { readonly [provider in Extract<ProviderId, 'slack' | 'gmail' | 'quickbooks'>]: string };
  /** Everything that was changed anywhere. */
  effects(): Promise<(SlackEffect | GmailEffect | QuickBooksEffect)[]>;
  /** By recipient. */
  mails(): Promise<GmailEffect[]>;
  posts(): Promise<SlackEffect[]>;
}

/** @throws Error when an account is missing */
export function openJudge(sandbox: SandboxClient, connected: { readonly [provider in ProviderId]?: string }): Judge {
  const { slack, gmail, quickbooks } = connected;
  if (slack === undefined || gmail === undefined || quickbooks === undefined) throw new Error('not every provider is connected');
  const recipient = ({ to }: GmailEffect) => to.join();
  return {
    accounts: { slack, gmail, quickbooks },
    effects: async () => [
      ...(await sandbox.effects(slack)),
      ...(await sandbox.gmail.effects(gmail)),
      ...(await sandbox.quickbooks.effects(quickbooks)),
    ],
    mails: async () =>
      (await sandbox.gmail.effects(gmail))
        .filter(({ method }) => method === 'messages.send')
        .toSorted((one, other) => recipient(one).localeCompare(recipient(other))),
    posts: async () => (await sandbox.effects(slack)).filter(({ method }) => method === 'chat.postMessage'),
  };
}
