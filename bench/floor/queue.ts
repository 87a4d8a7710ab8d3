/** Task queue of the floor's own worker. */
export const FLOOR_QUEUE = 'bench-floor';
