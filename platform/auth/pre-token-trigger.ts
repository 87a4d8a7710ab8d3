import { z } from 'zod';
import { ASSERTION_METADATA_KEY } from './agent-assertion.ts';
import type { AgentAssertion, AgentAssertionVerifier } from './agent-assertion.ts';
import { AuthError } from './auth-error.ts';

/**
 * The part of Cognito's pre-token-generation event V3_0 that is read; the rest goes back as it came.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
const eventSchema = z.looseObject({
  version: z.literal('3'),
  triggerSource: z.literal('TokenGeneration_ClientCredentials'),
  callerContext: z.looseObject({ clientId: z.string().min(1) }),
  request: z.looseObject({
    clientMetadata: z.record(z.string(), z.string()).nullish(),
  }),
});

export type PreTokenEvent = z.infer<typeof eventSchema>;

/** The event with the claims that Cognito is to put into the access token. */
export type PreTokenResult = PreTokenEvent & {
  response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: AgentTokenClaims } } | null };
};

export type AgentTokenClaims = Partial<Omit<AgentAssertion, 'client_id'>>;

export type PreTokenTriggerDeps = {
  /** Over Agent-Core's public keys. */
  readonly verifyAssertion: AgentAssertionVerifier;
  /** App clients of our own services: their tokens name no employee. */
  readonly serviceClientIds: ReadonlySet<string>;
};

/**
 * The pre-token-generation trigger of the user pool. Cognito does not check `aws_client_metadata`, so one thing in it
 * is believed: an assertion that Agent-Core signed for the very client that asks. Everyone but our services needs
 * one. Throws {@link AuthError}, upon which Cognito gives no token.
 */
export function createPreTokenTrigger(deps: PreTokenTriggerDeps): (event: unknown) => Promise<PreTokenResult> {
  return async (event) => {
    const parsed = eventSchema.safeParse(event);
    if (!parsed.success) throw new AuthError('malformed');
    const caller = parsed.data.callerContext.clientId;
    if (deps.serviceClientIds.has(caller)) {
      return { ...parsed.data, response: { claimsAndScopeOverrideDetails: null } };
    }
    const assertion = parsed.data.request.clientMetadata?.[ASSERTION_METADATA_KEY];
    if (assertion === undefined) throw new AuthError('claims');
    const { client_id: _client, ...claims } = await deps.verifyAssertion(assertion, caller);
    const accessTokenGeneration = { claimsToAddOrOverride: claims };
    return { ...parsed.data, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } } };
  };
}
