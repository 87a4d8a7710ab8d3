export interface RequestRecord {
  sequence: number;
  provider: string;
  /** Null when nothing in the request told which team it was for (no token, or an unknown one). */
  team: string | null;
  method: string;
  request_id: string;
  at: string;
  /** The request's arguments without secrets. */
  args: Record<string, unknown>;
  /** Status that was sent, or null while none was (held, hung, reset). */
  status: number | null;
  /** Kind of the injected fault that met this request. */
  fault: string | null;
}

type NewRequest = Pick<RequestRecord, 'provider' | 'team' | 'method' | 'request_id' | 'args'>;

export interface RequestLog {
  /** Adds a request as it arrives; the returned record is completed as it is answered. */
  open(request: NewRequest): RequestRecord;
  /** Requests of one team, or of all, oldest first. */
  list(team?: string): RequestRecord[];
}

/** The log of every request that reached the provider, answered or not. */
export function createRequestLog(now: () => number): RequestLog {
  const records: RequestRecord[] = [];
  return {
    open(request) {
      const record = {
        ...request,
        sequence: records.length + 1,
        at: new Date(now()).toISOString(),
        status: null,
        fault: null,
      };
      records.push(record);
      return record;
    },
    list: (team) => (team === undefined ? [...records] : records.filter((record) => record.team === team)),
  };
}
