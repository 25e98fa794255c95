/**
 * Options of `FB.login` that open Embedded Signup for a solution, as Meta's guide "Multi-Partner Solutions"
 * gives them. The solution id is a string there: as a number, digits would be lost and a customer would be
 * onboarded to another partner's solution.
 */
export function launchOptions(solutionId: string, configId: string) {
  return {
    config_id: configId,
    response_type: 'code',
    override_default_response_type: true,
    extras: {
      setup: { solutionID: solutionId },
      featureType: '',
      sessionInfoVersion: '3',
    },
  }
}
