/** What may be done to a session: it follows its state and one's rights. */
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';

export type Act = 'watch' | 'freeze' | 'unfreeze' | 'message' | 'end' | 'block';
export type Acted = Pick<SessionAnswer, 'userId' | 'state'> & { readonly frozen?: SessionAnswer['frozen'] };

export function mayDo(act: Act, session: Acted, me: MeAnswer): boolean {
  const own = session.userId === me.user.id;
  const live = session.state === 'live';
  switch (act) {
    case 'watch':
      return (live || session.state === 'opening') && me.may.includes('watch');
    case 'freeze':
      return live && session.frozen === undefined && me.may.includes('freeze');
    case 'unfreeze':
      return live && session.frozen !== undefined && me.may.includes('freeze');
    case 'message':
      return live && me.may.includes('message');
    case 'end':
      return (live || session.state === 'opening') && (own || me.may.includes('end'));
    case 'block':
      return live && !own && me.may.includes('end') && me.may.includes('block.write');
  }
}
