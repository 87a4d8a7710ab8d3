import { wordPattern } from '../../text/words.ts';

/** People outside the firm: words to them go by e-mail, unless the text says otherwise. */
export const OUTSIDERS = wordPattern(
  'client*,customer*,donor*,supplier*,vendor*,tenant*,guest*,lead,leads,prospect*,applicant*,candidate*,buyer*,subscriber*,patient*,parent*,debtor*,payer*,late payers,partner companies,landlord*,contractor*,freelancer*,sponsor*,attendee*,participant*,the sender*,sender*,enquirer*,advertiser*,retailer*,wholesaler*,student*,pupil*,borrower*,exhibitor*,speaker*,backer*,shopper*,renter*,whoever owes*,whoever wrote,insurer*,member'.split(
    ',',
  ),
);

/** People of the firm: words to them go over Slack. */
export const INSIDERS = wordPattern(
  'me,us,myself,colleague*,boss,manager*,owner*,director*,accountant*,bookkeeper*,chair,chairman,chairwoman,ceo,cfo,cto,coo,head of*,lead developer,engineer*,developer*,caretaker,founder*,partners,employee*,principal,dispatcher*,supervisor*,treasurer,secretary,foreman,chef,coach*,teacher*,receptionist,whoever is on call,on-call,on call,assignee*,author*,reviewer*,rep,account manager*,salesperson,shift lead*,new colleague*,new hire*,newcomer*,'.split(
    ',',
  ),
);
