import { ASSERTION_METADATA_KEY } from './agent-assertion.ts';
import type { AgentAssertion } from './agent-assertion.ts';
import { createTokenCache } from './token-cache.ts';
import type { IssuedToken, TokenCacheOptions } from './token-cache.ts';
import { requestToken } from './token-request.ts';
import type { TokenRequestOptions } from './token-request.ts';

/** The employee that a token is for, its app client, and what it may use (qualified capabilities). */
export type AgentTokenRequest = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly orgId: string;
  readonly employeeId: string;
  readonly capabilityScope: readonly string[];
};

/** Where employees' short-lived tokens come from. The only thing that knows the provider behind them. */
export type AgentTokenSource = {
  /** Rejects with `TokenRequestError`. */
  readonly agentToken: (request: AgentTokenRequest) => Promise<IssuedToken>;
};

export type CognitoAgentTokenConfig = TokenRequestOptions &
  TokenCacheOptions & {
    readonly tokenUrl: string;
    readonly scope?: string;
    /** Agent-Core's signature over what it vouches for; see `signAgentAssertion`. */
    readonly signAssertion: (claims: AgentAssertion) => Promise<string>;
  };

/**
 * Employees' tokens from Cognito: a client-credentials request whose metadata carries a fresh assertion. Kept until
 * three quarters of their life per client, organisation, employee and scope, so a changed scope asks anew at once.
 */
export function createCognitoAgentTokenSource(config: CognitoAgentTokenConfig): AgentTokenSource {
  const cache = createTokenCache(config);

  async function ask({ clientId, clientSecret, ...employee }: AgentTokenRequest): Promise<IssuedToken> {
    const assertion = await config.signAssertion({
      client_id: clientId,
      org_id: employee.orgId,
      agent_id: employee.employeeId,
      capability_scope: employee.capabilityScope,
    });
    const scope = config.scope === undefined ? {} : { scope: config.scope };
    const metadata = { [ASSERTION_METADATA_KEY]: assertion };
    return requestToken({ tokenUrl: config.tokenUrl, clientId, clientSecret, ...scope, metadata }, config);
  }

  return {
    agentToken: async (request) => {
      const { clientId, orgId, employeeId, capabilityScope } = request;
      const key = JSON.stringify([clientId, orgId, employeeId, capabilityScope.toSorted(), config.scope ?? null]);
      return cache.get(key, () => ask(request));
    },
  };
}
