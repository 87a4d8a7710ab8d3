import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { createdMemoryAnswer, memoryAnswer, memoryPageAnswer } from './answers/memory.ts';
import type { PageQuery } from './answers/page.ts';
import { path, send, sendRaw, type Service } from './http.ts';

export interface MemoryQuery extends PageQuery {
  readonly q?: string | undefined;
  readonly key?: string | undefined;
  readonly scope?: string | undefined;
  readonly employee_id?: string | undefined;
  readonly skill?: string | undefined;
  readonly kind?: string | undefined;
  readonly source?: string | undefined;
}

export interface NewMemory {
  readonly scope: string;
  readonly employee_id?: string;
  readonly skill?: string;
  readonly kind?: string;
  readonly key: string;
  readonly value: Json;
  readonly confidence?: number;
  readonly expires_in_days?: number;
}

export interface MemoryCorrection {
  readonly value?: Json;
  readonly kind?: string;
  readonly confidence?: number;
  readonly expires_in_days?: number | null;
}

/** `/v1/memory`: what is remembered. */
export function memoryClient(api: Service) {
  return {
    create: (memory: NewMemory, idempotencyKey?: string) =>
      send(api, { method: 'POST', path: '/v1/memory', body: memory, idempotencyKey, answer: createdMemoryAnswer }),
    list: (query: MemoryQuery = {}) => send(api, { path: '/v1/memory', query: { ...query }, answer: memoryPageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/memory/${id}`, answer: memoryAnswer }),
    /** What it says now, and the tag that stands for it. */
    getTagged: async (id: string) => {
      const response = await sendRaw(api, { path: path`/v1/memory/${id}` }, 'application/json');
      return { memory: memoryAnswer.parse(await response.json()), etag: response.headers.get('etag') ?? undefined };
    },
    correct: (id: string, correction: MemoryCorrection, ifMatch?: string) =>
      send(api, { method: 'PATCH', path: path`/v1/memory/${id}`, body: correction, ifMatch, answer: memoryAnswer }),
    forget: async (id: string): Promise<void> => {
      await send(api, { method: 'DELETE', path: path`/v1/memory/${id}`, answer: z.undefined() });
    },
  };
}
