/** Feature types of Embedded Signup v4 beside the ordinary flow: Meta's page "Embedded Signup versions". */
export const featureTypes = ['whatsapp_business_app_onboarding'] as const
export type FeatureType = (typeof featureTypes)[number]

/** Features of v4: Meta's page "App-only install". */
export const features = ['app_only_install'] as const
export type Feature = (typeof features)[number]

/** What the dialog shows filled in, in the keys that `extras.setup` takes. */
export type Prefill = Readonly<Record<string, unknown>>

export interface LaunchWish {
  /** Null for a signup without one. */
  readonly solutionId: string | null
  readonly configId: string
  readonly featureType: FeatureType | null
  readonly features: readonly Feature[]
  readonly prefill: Prefill | null
  /** Null for the version of the configuration. */
  readonly version: string | null
}

/**
 * Options of `FB.login` that open Embedded Signup v4, as Meta's page "Implementation" prints them. The version is that of
 * the configuration, so nothing names one unless it is asked for. The solution id is a string: as a number, digits would
 * be lost and a customer would be onboarded to another partner's solution.
 */
export function launchOptions({ solutionId, configId, ...wish }: LaunchWish) {
  const setup = { ...wish.prefill, ...(solutionId !== null && { solutionID: solutionId }) }
  return {
    config_id: configId,
    response_type: 'code',
    override_default_response_type: true,
    extras: {
      ...(Object.keys(setup).length > 0 && { setup }),
      ...(wish.featureType !== null && { featureType: wish.featureType }),
      ...(wish.features.length > 0 && { features: wish.features.map((name) => ({ name })) }),
      ...(wish.version !== null && { version: wish.version }),
    },
  }
}

/** Why the dialog cannot be opened like this: the argument and what is wrong with it. Null when it can. */
export function refuseLaunch({ configId, version, ...wish }: LaunchWish): string | null {
  if (!/^[\w-]{1,100}$/.test(configId)) return 'configId: expected the id of a login configuration.'
  if (version !== null && !/^v[1-9]\d?(?:-[a-z]+)*$/.test(version))
    return 'signupVersion: expected a version of Embedded Signup, e.g. v4-public-preview.'
  // Meta's page "App-only install"
  if (wish.featureType === 'whatsapp_business_app_onboarding' && wish.features.includes('app_only_install'))
    return 'features: an app-only install is not for numbers of the WhatsApp Business app (featureType).'
  return null
}
