import { channelDigest } from './channel-digest.ts';
import { markCovered } from './mark-covered.ts';
import type { SkillTemplate } from './template.ts';

/** All skill templates; adding one = one file and one line here. */
export const skillTemplates: SkillTemplate[] = [channelDigest, markCovered];
