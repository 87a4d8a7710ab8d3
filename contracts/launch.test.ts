import { describe, expect, it } from 'vitest';
import { launchPath } from './launch.ts';

describe('the path to connect an account at', () => {
  it('names what the account is wanted for, of this provider alone', () => {
    const capabilities = ['gmail/email.send', 'slack/slack.post', 'gmail/email.read'];
    expect(launchPath('gmail', { capabilities })).toBe('/oauth/launch/gmail?capabilities=email.send,email.read');
    expect(launchPath('quickbooks', { capabilities })).toBe('/oauth/launch/quickbooks');
  });

  it('names the connection that is to be able to do more', () => {
    const path = launchPath('slack', { capabilities: ['slack/slack.dm'], connectionId: 'conn_1' });
    expect(path).toBe('/oauth/launch/slack?capabilities=slack.dm&connection_id=conn_1');
  });
});
