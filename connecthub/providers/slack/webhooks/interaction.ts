import { z } from 'zod';
import type { Json } from '../../../../contracts/json.ts';
import { ClancyError } from '../../../../contracts/errors.ts';
import { readShape } from '../../../webhooks/body.ts';
import { cutText, present } from '../../../webhooks/cut.ts';
import type { WebhookEvent } from '../../../webhooks/definition.ts';
import { digestOf } from '../../../webhooks/signatures.ts';

const word = z.string().max(300);
const chosen = z.looseObject({ value: z.string().nullish() });
const valueShape = {
  type: word,
  value: z.string().nullish(),
  selected_option: chosen.nullish(),
  selected_options: z.array(chosen).nullish(),
  selected_user: word.nullish(),
  selected_channel: word.nullish(),
  selected_date: word.nullish(),
};
const valueSchema = z.looseObject(valueShape);

/** https://docs.slack.dev/interactivity/handling-user-interaction, as far as we look at it. */
const interactionSchema = z.looseObject({
  // `block_suggestion` wants options at once, which nobody here could give.
  type: z.enum(['block_actions', 'message_action', 'shortcut', 'view_submission', 'view_closed']),
  trigger_id: word.optional(),
  is_enterprise_install: z.boolean().nullish(),
  team: z.looseObject({ id: word }).nullish(),
  enterprise: z.looseObject({ id: word }).nullish(),
  user: z.looseObject({ id: word }),
  channel: z.looseObject({ id: word, name: word.nullish() }).nullish(),
  callback_id: word.nullish(),
  message: z
    .looseObject({ ts: word.nullish(), thread_ts: word.nullish(), user: word.nullish(), text: z.string().nullish() })
    .nullish(),
  actions: z
    .array(z.looseObject({ ...valueShape, action_id: word, block_id: word.nullish() }))
    .max(50)
    .default([]),
  view: z
    .looseObject({
      id: word,
      callback_id: word.nullish(),
      state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), valueSchema)) }).nullish(),
    })
    .nullish(),
});
type Value = z.infer<typeof valueSchema>;

const MAX_VALUE = 2_000;
const MAX_VALUES = 20;

/** A button, a shortcut or a form that a person used. Tokens, `response_url`s and `trigger_id`s are not kept. */
export function interactionEvents(form: URLSearchParams, occurredAt: Date): WebhookEvent[] {
  const payload = form.get('payload') ?? '';
  const used = readShape(interactionSchema, parse(payload));
  if (!used) return [];
  const { team, enterprise, is_enterprise_install: isForEnterprise, message, view } = used;
  return [
    {
      accounts: [team?.id, isForEnterprise === true ? enterprise?.id : undefined].filter((account) => account !== undefined),
      externalId: `interaction:${digestOf(used.trigger_id ?? payload)}`,
      type: 'slack.interaction',
      occurredAt,
      payload: present({
        interaction: used.type,
        user: used.user.id,
        channel: used.channel?.id,
        channel_name: used.channel?.name ?? undefined,
        callback_id: used.callback_id ?? view?.callback_id ?? undefined,
        message: message
          ? present({
              ts: message.ts ?? undefined,
              thread_ts: message.thread_ts ?? undefined,
              user: message.user ?? undefined,
              text: cutText(message.text ?? '', MAX_VALUE),
            })
          : undefined,
        actions: used.actions.slice(0, MAX_VALUES).map((one) => named(one.block_id ?? '', one.action_id, one)),
        view_id: view?.id,
        values: Object.entries(view?.state?.values ?? {})
          .flatMap(([block, values]) => Object.entries(values).map(([action, value]) => named(block, action, value)))
          .slice(0, MAX_VALUES),
      }),
    },
  ];
}

function named(block: string, action: string, value: Value): Json {
  return present({ block_id: block, action_id: action, type: value.type, value: valueOf(value) });
}

/** What the person gave, whatever they gave it with. */
function valueOf(value: Value): Json | undefined {
  const { selected_option: option, selected_options: options } = value;
  if (options) return options.slice(0, MAX_VALUES).map((one) => cutText(one.value ?? '', MAX_VALUE));
  const given = value.value ?? option?.value ?? value.selected_user ?? value.selected_channel ?? value.selected_date;
  return given === undefined || given === null ? undefined : cutText(given, MAX_VALUE);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClancyError('invalid_request', 'The payload is no JSON.', { cause });
  }
}
