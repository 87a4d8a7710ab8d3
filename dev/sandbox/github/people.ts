import { randomInt } from 'node:crypto';
import { seed } from './seed.ts';

export interface Issue extends Record<string, unknown> {
  number: number;
  created_at: string;
  updated_at: string;
}

export interface Repository {
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly description: string;
  readonly issues: Issue[];
  readonly pulls: Issue[];
  readonly comments: { issue: number; id: number; body: string; created_at: string; updated_at: string }[];
  readonly files: Map<string, Buffer>;
}

/** Somebody at GitHub, with the repositories that they and the App can both see. */
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly repositories: Map<string, Repository>;
  /** Requests of the running hour, and when it ends. */
  used: number;
  resetsAtMs: number;
  nextId: number;
}

/** Where a person lands who is not named. */
export const HOME_PERSON = '20200042';
export const PERSON_ID = /^\d{8}$/;

export interface People {
  find(id: string): Person | undefined;
  /** Makes (or finds) somebody; somebody new where nobody is named. */
  ensure(id?: string): Person;
}

export function createPeople(now: () => number): People {
  const people = new Map<string, Person>();
  return {
    find: (id) => people.get(id),
    ensure(id = String(randomInt(20_300_000, 99_999_999))) {
      const person: Person = people.get(id) ?? {
        id,
        login: `dana-${id}`,
        repositories: seed(now),
        used: 0,
        resetsAtMs: 0,
        nextId: 1_000,
      };
      people.set(id, person);
      return person;
    },
  };
}
