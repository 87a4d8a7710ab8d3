import { describe, expect, it } from 'vitest';
import { buildEmployee } from '../build-employee.ts';
import { productCatalogue } from '../testing/product-catalogue.ts';

const catalogue = productCatalogue();
const granted = (duty: string): string[] =>
  buildEmployee({ jobDescription: `Mail desk\n\n${duty}`, catalogue }).definition.capabilities;

describe('what is to be drafted', () => {
  it.each([
    'Draft a reply to each new email from a customer.',
    'Write a draft of the reply to the parents.',
    'Write a reply to the sender of each new email and leave it in Drafts.',
    'When a client emails us, prepare an answer and keep it among the drafts.',
    'Suggest answers to incoming mails; I send them myself.',
    'Save an answer to each new mail in my drafts.',
  ])('is neither sent nor answered: %s', (duty) => {
    const capabilities = granted(duty);
    expect(capabilities).toContain('gmail/email.draft');
    expect(capabilities.filter((name) => /email\.(?:send|reply)$/.test(name))).toEqual([]);
  });
});

describe('what is only read', () => {
  it.each([
    'Read #front-desk every morning.',
    'Every Monday at 9:00 go through the inbox.',
    'Every day at 8:00 read #a and post a digest of it in #b. Do not write in #a.',
  ])('is not written to: %s', (duty) => {
    const posts = granted(`${duty} Every Friday at 10:00 react with :eyes: to each new message in #c.`);
    expect(posts.filter((name) => /slack\.dm$|email\.(?:send|reply|draft|label)$/.test(name))).toEqual([]);
  });
});
