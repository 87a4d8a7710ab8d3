import type { JsonObject } from '../../../contracts/json.ts';
import type { ProviderReader } from '../definition.ts';
import { text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { readMessage } from './read.ts';
import { addressesOf, headerOf, messageIdsIn, type Message } from './wire.ts';

const MAX_SUBJECT_LENGTH = 250;
/** The first and the newest ones of a long thread (RFC 5322, 3.6.4 lets a reply leave some out). */
const NEWEST_REFERENCES = 9;

/**
 * A reply's parameters with what the answered email says: subject, thread and references. The person who approves sees `to`,
 * so it is a parameter; that it is somebody on the email is checked here, not taken from its `Reply-To`.
 *
 * @throws ProviderRefusal `not_on_the_email` when the address is none of the email's
 */
export async function asReply(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const answered = await readMessage(reader, text(parameters, 'id'), 'metadata');
  const people = ['From', 'Reply-To', 'To', 'Cc'].flatMap((name) => addressesOf(answered, name));
  const to = text(parameters, 'to').toLowerCase();
  if (!people.some(({ address }) => address.toLowerCase() === to)) {
    throw new ProviderRefusal({ code: 'provider_refused', reason: 'not_on_the_email', retryable: false });
  }
  return {
    ...parameters,
    subject: subjectOf(answered),
    thread_id: answered.threadId,
    references: referencesOf(answered),
  };
}

function subjectOf(answered: Message): string {
  const subject = headerOf(answered, 'Subject');
  return (/^re:/i.test(subject) ? subject : `Re: ${subject}`).slice(0, MAX_SUBJECT_LENGTH);
}

function referencesOf(answered: Message): string[] {
  const earlier = messageIdsIn(answered, 'References');
  const all = [...earlier, ...messageIdsIn(answered, 'Message-ID').slice(0, 1)];
  return all.length <= NEWEST_REFERENCES ? all : [...all.slice(0, 1), ...all.slice(-NEWEST_REFERENCES)];
}
