import { z } from 'zod';
import type { Account, ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';

const profileSchema = z.looseObject({ emailAddress: z.email() });

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile */
export async function readMailbox(reader: ProviderReader): Promise<Account> {
  const { emailAddress } = readBody(profileSchema, await reader.read('profile', {}));
  const email = emailAddress.toLowerCase();
  return { accountId: email, accountName: email };
}
