import { luckyShrub, socialOverdrive, type Play } from '../play.ts'
import { route, type Verb } from './verb.ts'

const create = route('POST', '/{app}/whatsapp_business_solution')
const accept = route('POST', '/{solution}/accept')

async function requested(play: Play): Promise<string> {
  const solutionId = await play.solution('Together')
  await play.mutate('requestSolutionDeactivation', { solutionId, appId: socialOverdrive })
  return solutionId
}

function action(field: string, path: string, appId: string, bring: (play: Play) => Promise<string>): Verb {
  return {
    field,
    routes: [route('POST', `/{solution}/${path}`)],
    shows: true,
    key: 'optional',
    again: ['WRONG_STATE'],
    prepare: async (play) => {
      const solutionId = await bring(play)
      return () => ({ solutionId, appId })
    },
  }
}

export const solutionVerbs: readonly Verb[] = [
  {
    field: 'createSolution',
    routes: [create],
    shows: true,
    key: 'always',
    prepare: async () => () => ({
      appId: socialOverdrive,
      name: 'One solution',
      partnerAppId: luckyShrub,
      messaging: 'PARTNER',
    }),
  },
  action('acceptSolution', 'accept', luckyShrub, (play) => play.solution('Together', false)),
  action('rejectSolution', 'reject', luckyShrub, (play) => play.solution('Together', false)),
  action('requestSolutionDeactivation', 'send_deactivation_request', socialOverdrive, (play) =>
    play.solution('Together'),
  ),
  action('acceptSolutionDeactivation', 'accept_deactivation_request', luckyShrub, requested),
  action('rejectSolutionDeactivation', 'reject_deactivation_request', luckyShrub, requested),
  {
    field: 'createSolutionsForTechProvider',
    routes: [create, accept],
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const login = await play.control.play<{ user_token: string }>('login', {})
      return () => ({ appId: luckyShrub, name: 'Together', userAccessToken: login.user_token })
    },
  },
]
