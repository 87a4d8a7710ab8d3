import { request } from 'undici';

export interface TimedPost {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Milliseconds from the request to the last byte of its answer.
 * @throws Error with the start of the answer when it is not the expected one.
 */
export async function timedPost(post: TimedPost, isExpected: (answer: string, status: number) => boolean): Promise<number> {
  const beganMs = performance.now();
  const response = await request(post.url, { method: 'POST', headers: post.headers, body: post.body });
  const answer = await response.body.text();
  const elapsedMs = performance.now() - beganMs;
  if (!isExpected(answer, response.statusCode)) {
    throw new Error(`${post.url} answered ${response.statusCode}: ${answer.slice(0, 500)}`);
  }
  return elapsedMs;
}
