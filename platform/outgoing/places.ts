/** How many may be under way at once, kept apart by key. */
export interface Places {
  /** Takes a place within the time, in the order of asking, and gives the way to leave it; undefined: none came free. */
  take(key: string, withinMs: number): Promise<(() => void) | undefined>;
}

interface Room {
  taken: number;
  /** Told when a place is theirs. */
  waiting: Set<() => void>;
}

export function createPlaces(atOnce: number): Places {
  const rooms = new Map<string, Room>();

  function leave(key: string, room: Room): void {
    const [next] = room.waiting;
    // The place goes from hand to hand.
    if (next) return next();
    room.taken -= 1;
    if (room.taken === 0) rooms.delete(key);
  }

  return {
    take: async (key, withinMs) => {
      const room = rooms.get(key) ?? { taken: 0, waiting: new Set() };
      rooms.set(key, room);
      if (room.taken < atOnce) room.taken += 1;
      else if (!(await comesFree(room, withinMs))) return undefined;
      return () => leave(key, room);
    },
  };
}

function comesFree(room: Room, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isOurs: boolean) => {
      room.waiting.delete(take);
      clearTimeout(timer);
      resolve(isOurs);
    };
    const take = () => end(true);
    const timer = setTimeout(() => end(false), withinMs);
    room.waiting.add(take);
  });
}
