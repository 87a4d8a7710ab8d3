import type { RequestContext } from '../definition.ts';

/**
 * The `Message-ID` that marks a mail as made by one call: unique by its left side, and at home in the sender's domain as
 * RFC 5322, 3.6.4 recommends.
 */
export function messageIdOf({ nativeKey, accountId }: Pick<RequestContext, 'nativeKey' | 'accountId'>): string {
  return `<${nativeKey}@${domainOf(accountId)}>`;
}

/** The search that finds it. https://support.google.com/mail/answer/7190 */
export function searchFor(context: Pick<RequestContext, 'nativeKey' | 'accountId'>): string {
  return `rfc822msgid:${messageIdOf(context).slice(1, -1)}`;
}

/** A domain in another script stands in its ASCII form, as in all headers. */
function domainOf(address: string): string {
  return new URL(`http://${address.slice(address.lastIndexOf('@') + 1)}`).hostname;
}
