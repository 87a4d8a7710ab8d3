import { describe, expect, it } from 'vitest';
import { canonicalHash } from '../../../contracts/digest.ts';
import { buildEmployee } from '../../graph-builder/index.ts';
import { slackCatalogue } from '../../graph-builder/testing/slack-catalogue.ts';
import { compareVersions, type Compared } from './compare-versions.ts';
import { sentencesOf, summaryOf } from './sentences.ts';

const DIGEST = 'Post a digest of #a in #b.';
const REACT = 'Then react with :eyes: to every message the digest covered.';

function version(number: number, jobDescription: string): Compared {
  const { definition, explanation } = buildEmployee({ jobDescription, catalogue: slackCatalogue() });
  return { version: number, definition, explanation, contentHash: canonicalHash(definition) };
}

const before = version(1, DIGEST);
const after = version(2, `${DIGEST} ${REACT}`);

describe('the difference of two versions', () => {
  it('reads like a change of duties', () => {
    const diff = compareVersions(before, after);
    expect(summaryOf(diff)).toMatch(/^now also "[^"]+".*; needs slack\/slack\.react; .*1 sentence new$/);
    const said = sentencesOf(diff);
    expect(said[0]).toMatch(/^Now also: "[^"]+", from ".*react with :eyes:.*"\.$/);
    expect(said).toContainEqual('Needs slack/slack.react.');
    expect(said).toContainEqual(expect.stringMatching(/^Rule new: allows slack\/slack\.react where /));
    expect(said).toContainEqual(expect.stringMatching(/^1 sentence new: ".*:eyes:.*"\.$/));
  });

  it('is the other way round the other way round', () => {
    const [there, back] = [compareVersions(before, after), compareVersions(after, before)];
    expect(back.duties.removed).toEqual(there.duties.added);
    expect(back.capabilities).toEqual({ added: [], removed: there.capabilities.added });
    expect(back.rules.removed).toEqual(there.rules.added);
    expect(sentencesOf(back)[0]).toMatch(/^No longer: /);
  });

  it('is none between a version and itself, however it is stored', () => {
    const diff = compareVersions(after, JSON.parse(JSON.stringify(after)));
    expect(summaryOf(diff)).toBe('the duties are the same');
    expect(sentencesOf(diff)).toEqual([]);
  });

  it('names what of a duty differs, and rules that decide in another order', () => {
    const other = structuredClone(after);
    const [node] = other.definition.graph.nodes;
    node!.title = 'Another\n title';
    node!.input = { channel: '#elsewhere' };
    other.definition.policy.reverse();
    const diff = compareVersions(after, other);
    expect(diff.duties.changed).toMatchObject([{ parts: ['title', 'input'] }]);
    expect(sentencesOf(diff)).toEqual([
      expect.stringMatching(/^Otherwise: "[^"]+": it is called "Another title" now, it works with other values\.$/),
      'Rules that stay decide in another order.',
    ]);
  });

  it('counts a rule that stands there twice', () => {
    const twice = structuredClone(before);
    twice.definition.policy.push(structuredClone(twice.definition.policy[0]!));
    expect(compareVersions(before, twice).rules).toMatchObject({
      added: [before.definition.policy[0]],
      removed: [],
      isReordered: false,
    });
  });
});
