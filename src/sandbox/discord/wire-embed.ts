import { z } from 'zod';

const LARGEST_SUM = 6000;

const webUrl = z.url({ protocol: /^https?$/ });
const mediaUrl = z.string().regex(/^(https?|attachment):\/\/\S+$/);
const image = z.object({ url: mediaUrl }).nullish();

const embed = z.object({
  title: z.string().max(256).nullish(),
  description: z.string().max(4096).nullish(),
  url: webUrl.nullish(),
  timestamp: z.string().nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  footer: z.object({ text: z.string().min(1).max(2048), icon_url: mediaUrl.nullish() }).nullish(),
  image,
  thumbnail: image,
  author: z.object({ name: z.string().min(1).max(256), url: webUrl.nullish(), icon_url: mediaUrl.nullish() }).nullish(),
  fields: z
    .array(
      z.object({
        name: z.string().trim().min(1).max(256),
        value: z.string().trim().min(1).max(1024),
        inline: z.boolean().nullish(),
      }),
    )
    .max(25)
    .nullish(),
});

/** An embed as it was read. */
export type Embed = z.infer<typeof embed>;

const weight = (one: Embed): number =>
  (one.title?.length ?? 0) +
  (one.description?.length ?? 0) +
  (one.footer?.text.length ?? 0) +
  (one.author?.name.length ?? 0) +
  (one.fields ?? []).reduce((sum, field) => sum + field.name.length + field.value.length, 0);

const isEmpty = (one: Embed): boolean => weight(one) === 0 && !one.image && !one.thumbnail && !one.url;

/** Up to ten embeds of together at most 6000 characters. */
export const embeds = z
  .array(embed)
  .max(10)
  .superRefine((list, ctx) => {
    if (list.reduce((sum, one) => sum + weight(one), 0) > LARGEST_SUM)
      ctx.addIssue({
        code: 'custom',
        message: `Embed size exceeds maximum size of ${LARGEST_SUM}`,
        params: { code: 'MAX_EMBED_SIZE_EXCEEDED' },
      });
    list.forEach((one, index) => {
      if (isEmpty(one))
        ctx.addIssue({
          code: 'custom',
          path: [index, 'description'],
          message: 'This field is required',
          params: { code: 'BASE_TYPE_REQUIRED' },
        });
    });
  });
