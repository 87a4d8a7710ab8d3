/** Where a refresh can be held at the judge: before it is decided, or decided with the answer not yet sent. */
export type Moment = 'before' | 'after';

/** Holds one request at a moment: where the caller is killed. */
export interface Gate {
  /** The next request that comes there is held. */
  close(at: Moment): { held: Promise<void>; open(how?: 'go' | 'drop'): void };
  pass(at: Moment): Promise<'go' | 'drop'>;
}

export function createGate(): Gate {
  let waiting: { at: Moment; arrive: () => void; opened: Promise<'go' | 'drop'> } | undefined;
  return {
    close: (at) => {
      let arrive = (): void => undefined;
      let open = (_how: 'go' | 'drop'): void => undefined;
      const held = new Promise<void>((resolve) => (arrive = resolve));
      const opened = new Promise<'go' | 'drop'>((resolve) => (open = resolve));
      const mine = { at, arrive, opened };
      waiting = mine;
      return {
        held,
        open: (how = 'go') => {
          if (waiting === mine) waiting = undefined;
          open(how);
        },
      };
    },
    pass: async (at) => {
      const gate = waiting;
      if (gate?.at !== at) return 'go';
      waiting = undefined;
      gate.arrive();
      return gate.opened;
    },
  };
}
