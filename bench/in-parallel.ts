/**
 * Does `work` for 0 to `count - 1`, `atOnce` at a time: each lane takes the next number when it has finished its last, so
 * the load is constant. After a failure nothing new is begun, and what is under way ends before this rejects.
 *
 * @returns what each number gave, in order.
 */
export async function inParallel<T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      try {
        results[index] = await work(index);
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce, count) }, lane);
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  return results;
}
