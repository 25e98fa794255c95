/** The one webhook object of the fields this gateway reads. */
export const whatsapp = 'whatsapp_business_account'
