#include "sample/schema.h"

namespace enamel::sample {
namespace {

constexpr TableDefinition kPeople[] = {
    {"patient",
     "PatNum:pk LName:v100 FName:v100 MiddleI:v100 Preferred:v100 PatStatus:utiny Gender:utiny "
     "Position:utiny "
     "Birthdate:date SSN:v100 Address:v100 Address2:v100 City:v100 State:v100 Zip:v100 HmPhone:v30 "
     "WkPhone:v30 "
     "WirelessPhone:v30 Guarantor:id CreditType:c1 Email:v100 Salutation:v100 EstBalance:money PriProv:id "
     "SecProv:id FeeSched:id BillingType:id ImageFolder:v100 AddrNote:ntext FamFinUrgNote:ntext "
     "MedUrgNote:v255 "
     "ApptModNote:v255 StudentStatus:c1 SchoolName:v255 ChartNumber:v20 MedicaidID:v20 Bal_0_30:money "
     "Bal_31_60:money Bal_61_90:money BalOver90:money InsEst:money BalTotal:money EmployerNum:id County:v255 "
     "DateFirstVisit:date ClinicNum:id HasIns:v255 Premed:utiny Ward:v255 PreferConfirmMethod:utiny "
     "PreferContactMethod:utiny PreferRecallMethod:utiny SchedBeforeTime:ntime SchedAfterTime:ntime "
     "Language:v100 AdmitDate:date Title:n15 PayPlanDue:money SiteNum:id DateTStamp:stamp ResponsParty:id "
     "SuperFamily:id TxtMsgOk:tiny Country:v255 DateTimeDeceased:datetime BillingCycleDay:int "
     "SecUserNumEntry:id SecDateEntry:date PatNumCloneFrom:id DiscountPlanNum:id",
     "LName(10) FName(10) LName,FName Guarantor ResponsParty SuperFamily SiteNum PatStatus ClinicNum Email "
     "ChartNumber SecUserNumEntry HmPhone WirelessPhone WkPhone PatNumCloneFrom DiscountPlanNum FeeSched "
     "SecDateEntry PriProv SecProv"},
    {"patientnote",
     "PatNum:key FamFinancial:ntext ApptPhone:ntext Medical:ntext Service:ntext MedicalComp:ntext "
     "Treatment:ntext ICEName:v255 ICEPhone:v30 SecDateTEntry:datetime SecDateTEdit:stamp",
     "SecDateTEntry SecDateTEdit"},
    {"recall",
     "RecallNum:pk PatNum:id DateDueCalc:date DateDue:date DatePrevious:date RecallInterval:int "
     "RecallStatus:id Note:ntext IsDisabled:utiny DateTStamp:stamp RecallTypeNum:id "
     "DisableUntilBalance:money "
     "DisableUntilDate:date DateScheduled:date Priority:tiny TimePatternOverride:v255",
     "PatNum DateDue DatePrevious IsDisabled RecallTypeNum DateScheduled"},
    {"allergy",
     "AllergyNum:pk AllergyDefNum:id PatNum:id Reaction:v255 StatusIsActive:tiny DateTStamp:stamp "
     "DateAdverseReaction:date SnomedReaction:v255",
     "AllergyDefNum PatNum"},
    {"medicationpat",
     "MedicationPatNum:pk PatNum:id MedicationNum:id PatNote:ntext DateTStamp:stamp DateStart:date "
     "DateStop:date ProvNum:id MedDescript:v255 RxCui:id ErxGuid:v255 IsCpoe:tiny",
     "ProvNum PatNum RxCui"},
    {"patplan",
     "PatPlanNum:pk PatNum:id Ordinal:utiny IsPending:utiny Relationship:utiny PatID:v100 InsSubNum:id",
     "PatNum InsSubNum"},
    {"inssub",
     "InsSubNum:pk PlanNum:id Subscriber:id DateEffective:date DateTerm:date ReleaseInfo:tiny "
     "AssignBen:tiny SubscriberID:v255 BenefitNotes:text SubscNote:text SecUserNumEntry:id SecDateEntry:date "
     "SecDateTEdit:stamp",
     "PlanNum Subscriber"},
    {"insplan",
     "PlanNum:pk GroupName:v50 GroupNum:v25 PlanNote:ntext FeeSched:id PlanType:c1 ClaimFormNum:id "
     "UseAltCode:utiny CarrierNum:id EmployerNum:id TrojanID:v100 IsMedical:utiny IsHidden:utiny "
     "SecUserNumEntry:id SecDateEntry:date SecDateTEdit:stamp",
     "CarrierNum FeeSched TrojanID"},
    {"document",
     "DocNum:pk Description:v255 DateCreated:datetime DocCategory:id PatNum:id FileName:v255 ImgType:utiny "
     "IsFlipped:utiny DegreesRotated:small ToothNumbers:v255 Note:mtext SigIsTopaz:utiny Signature:ntext "
     "CropX:int CropY:int CropW:int CropH:int WindowingMin:int WindowingMax:int MountItemNum:id "
     "DateTStamp:stamp RawBase64:mtext Thumbnail:text ExternalGUID:v255 ExternalSource:v255 ProvNum:id",
     "PatNum PatNum,DocCategory"},
};

constexpr TableDefinition kAccount[] = {
    {"appointment",
     "AptNum:pk PatNum:id AptStatus:utiny Pattern:v255 Confirmed:id TimeLocked:tiny Op:id Note:ntext "
     "ProvNum:id "
     "ProvHyg:id AptDateTime:datetime NextAptNum:id UnschedStatus:id IsNewPatient:utiny ProcDescript:v255 "
     "Assistant:id ClinicNum:id IsHygiene:utiny DateTStamp:stamp DateTimeArrived:datetime "
     "DateTimeSeated:datetime DateTimeDismissed:datetime InsPlan1:id InsPlan2:id "
     "DateTimeAskedToArrive:datetime ProcsColored:text ColorOverride:int AppointmentTypeNum:id "
     "SecUserNumEntry:id SecDateTEntry:datetime Priority:tiny ProvBarText:v60 PatternSecondary:v255",
     "PatNum NextAptNum ProvNum ProvHyg AptDateTime InsPlan1 InsPlan2 DateTimeArrived AppointmentTypeNum Op "
     "SecUserNumEntry AptStatus,AptDateTime,ClinicNum Priority UnschedStatus ClinicNum"},
    {"histappointment",
     "HistApptNum:pk HistUserNum:id HistDateTStamp:datetime HistApptAction:tiny ApptSource:tiny AptNum:id "
     "PatNum:id AptStatus:tiny Pattern:v255 Confirmed:id TimeLocked:tiny Op:id Note:text ProvNum:id "
     "ProvHyg:id "
     "AptDateTime:datetime NextAptNum:id UnschedStatus:id IsNewPatient:tiny ProcDescript:v255 Assistant:id "
     "ClinicNum:id IsHygiene:tiny DateTStamp:stamp DateTimeArrived:datetime DateTimeSeated:datetime "
     "DateTimeDismissed:datetime InsPlan1:id InsPlan2:id ProcsColored:text ColorOverride:int "
     "AppointmentTypeNum:id SecUserNumEntry:id SecDateTEntry:datetime",
     "HistUserNum AptNum PatNum Confirmed Op ProvNum ProvHyg NextAptNum UnschedStatus Assistant ClinicNum "
     "InsPlan1 InsPlan2 AppointmentTypeNum SecUserNumEntry"},
    {"procedurelog",
     "ProcNum:pk PatNum:id AptNum:id OldCode:b15 ProcDate:date ProcFee:money Surf:v10 ToothNum:v2 "
     "ToothRange:v100 Priority:id ProcStatus:utiny ProvNum:id Dx:id PlannedAptNum:id PlaceService:utiny "
     "Prosthesis:c1 DateOriginalProsth:date ClaimNote:v80 DateEntryC:date ClinicNum:id MedicalCode:b15 "
     "DiagnosticCode:v255 IsPrincDiag:utiny ProcNumLab:id BillingTypeOne:id BillingTypeTwo:id CodeNum:id "
     "CodeMod1:n2 CodeMod2:n2 RevCode:n45 UnitQty:int BaseUnits:int StartTime:int StopTime:int "
     "DateTP:olddate "
     "SiteNum:id HideGraphics:tiny ProcTime:time ProcTimeEnd:time DateTStamp:stamp Prognosis:id "
     "DrugUnit:tiny "
     "DrugQty:float StatementNum:id IsLocked:tiny BillingNote:v255 RepeatChargeNum:id ProvOrderOverride:id "
     "Discount:money IcdVersion:utiny IsCpoe:tiny SecUserNumEntry:id SecDateEntry:date DateComplete:date "
     "OrderingReferralNum:id TaxAmt:money Urgency:tiny DiscountPlanAmt:money",
     "CodeNum PlannedAptNum BillingTypeOne BillingTypeTwo Prognosis ProcNumLab ProcDate StatementNum "
     "RepeatChargeNum ProvOrderOverride PatNum,ProcStatus,ClinicNum ProvNum,ProcDate SecUserNumEntry "
     "ClinicNum "
     "PatNum,ProcStatus,ProcFee,UnitQty,BaseUnits,ProcDate OrderingReferralNum "
     "PatNum,ProcStatus,CodeNum,ProcDate DateComplete AptNum,CodeNum,ProcStatus,IsCpoe,ProvNum Priority"},
    {"procnote",
     "ProcNoteNum:pk PatNum:id ProcNum:id EntryDateTime:datetime UserNum:id Note:ntext SigIsTopaz:utiny "
     "Signature:ntext",
     "PatNum ProcNum UserNum"},
    {"claim",
     "ClaimNum:pk PatNum:id DateService:date DateSent:date ClaimStatus:c1 DateReceived:date PlanNum:id "
     "ProvTreat:id ClaimFee:money InsPayEst:money InsPayAmt:money DedApplied:money PreAuthString:v40 "
     "IsProsthesis:c1 PriorDate:date ReasonUnderPaid:v255 ClaimNote:n400 ClaimType:v255 ProvBill:id "
     "ReferringProv:id RefNumString:v40 PlaceService:utiny AccidentRelated:c1 AccidentDate:date "
     "EmployRelated:utiny IsOrtho:utiny OrthoDate:date PatRelat:utiny PlanNum2:id WriteOff:money "
     "Radiographs:utiny ClinicNum:id ClaimForm:id AttachedImages:int InsSubNum:id InsSubNum2:id "
     "CustomTracking:id DateResent:date ClaimIdentifier:v255 OrigRefNum:v255 ProvOrderOverride:id "
     "SecUserNumEntry:id SecDateEntry:date SecDateTEdit:stamp OrderingReferralNum:id DateSentOrig:date",
     "PatNum PlanNum InsSubNum InsSubNum2 CustomTracking ProvOrderOverride SecUserNumEntry "
     "PlanNum,ClaimStatus,ClaimType,PatNum,ClaimNum,DateService,ProvTreat,ClaimFee,ClinicNum "
     "OrderingReferralNum ProvBill ProvTreat ClinicNum"},
    {"claimproc",
     "ClaimProcNum:pk ProcNum:id ClaimNum:id PatNum:id ProvNum:id FeeBilled:money InsPayEst:money "
     "DedApplied:money Status:utiny InsPayAmt:money Remarks:v255 ClaimPaymentNum:id PlanNum:id DateCP:date "
     "WriteOff:money CodeSent:v15 AllowedOverride:money Percentage:tiny PercentOverride:tiny CopayAmt:money "
     "NoBillIns:utiny PaidOtherIns:money BaseEst:money CopayOverride:money ProcDate:date DateEntry:date "
     "LineNumber:utiny DedEst:money DedEstOverride:money InsEstTotal:money InsEstTotalOverride:money "
     "EstimateNote:v255 WriteOffEst:money WriteOffEstOverride:money ClinicNum:id InsSubNum:id PaymentRow:int "
     "PayPlanNum:id ClaimPaymentTracking:id SecUserNumEntry:id SecDateEntry:date SecDateTEdit:stamp "
     "DateSuppReceived:date DateInsFinalized:date IsTransfer:tiny",
     "PatNum PlanNum ClaimNum ProvNum ProcNum ClaimPaymentNum ClinicNum InsSubNum Status PayPlanNum "
     "ClaimPaymentNum,Status,InsPayAmt ProvNum,ProcDate ProvNum,DateCP ClaimPaymentTracking SecUserNumEntry "
     "ProcNum,PlanNum,Status,InsPayAmt,InsPayEst,WriteOff,NoBillIns DateCP DateSuppReceived "
     "Status,PatNum,DateCP,PayPlanNum,InsPayAmt,WriteOff,InsPayEst,ProcDate,ProcNum "
     "InsSubNum,ProcNum,Status,ProcDate,PatNum,InsPayAmt,InsPayEst "
     "ClaimNum,ClaimPaymentNum,InsPayAmt,DateCP,IsTransfer"},
    {"claimpayment",
     "ClaimPaymentNum:pk CheckDate:date CheckAmt:money CheckNum:v25 BankBranch:v25 Note:v255 ClinicNum:id "
     "DepositNum:id CarrierName:v255 DateIssued:date IsPartial:tiny PayType:id SecUserNumEntry:id "
     "SecDateEntry:date SecDateTEdit:stamp PayGroup:id",
     "DepositNum PayType SecUserNumEntry CheckDate PayGroup ClinicNum"},
    {"payment",
     "PayNum:pk PayType:id PayDate:olddate PayAmt:money CheckNum:v25 BankBranch:v25 PayNote:text "
     "IsSplit:utiny "
     "PatNum:id ClinicNum:id DateEntry:date DepositNum:id Receipt:text IsRecurringCC:tiny SecUserNumEntry:id "
     "SecDateTEdit:stamp PaymentSource:tiny ProcessStatus:tiny RecurringChargeDate:date ExternalId:v255 "
     "PaymentStatus:tiny",
     "PatNum DepositNum SecUserNumEntry ClinicNum"},
    {"paysplit",
     "SplitNum:pk SplitAmt:money PatNum:id ProcDate:olddate PayNum:id IsDiscount:utiny DiscountType:utiny "
     "ProvNum:id PayPlanNum:id DatePay:date ProcNum:id DateEntry:date UnearnedType:id ClinicNum:id "
     "SecUserNumEntry:id SecDateTEdit:stamp FSplitNum:id AdjNum:id PayPlanChargeNum:id",
     "PatNum ProcNum PayNum ClinicNum DatePay PayPlanNum SecUserNumEntry FSplitNum ProcNum,SplitAmt AdjNum "
     "PayPlanChargeNum ProvNum"},
    {"adjustment",
     "AdjNum:pk AdjDate:date AdjAmt:money PatNum:id AdjType:id ProvNum:id AdjNote:ntext ProcDate:date "
     "ProcNum:id "
     "DateEntry:date ClinicNum:id StatementNum:id SecUserNumEntry:id SecDateTEdit:stamp TaxTransID:id",
     "PatNum ClinicNum StatementNum ProcNum ProvNum SecUserNumEntry ProcNum,AdjAmt AdjDate,PatNum "
     "TaxTransID"},
};

constexpr TableDefinition kHistory[] = {
    {"securitylog",
     "SecurityLogNum:pk PermType:utiny UserNum:id LogDateTime:olddatetime LogText:ntext PatNum:id "
     "CompName:v255 "
     "FKey:id LogSource:tiny DefNum:id DefNumError:id DateTPrevious:datetime",
     "PatNum FKey DefNum DefNumError UserNum LogDateTime PermType"},
    {"securityloghash", "SecurityLogHashNum:pk SecurityLogNum:id LogHash:v255", "SecurityLogNum"},
    {"commlog",
     "CommlogNum:pk PatNum:id CommDateTime:olddatetime CommType:id Note:ntext Mode_:utiny "
     "SentOrReceived:utiny "
     "UserNum:id Signature:text SigIsTopaz:tiny DateTStamp:stamp DateTimeEnd:datetime CommSource:tiny "
     "ProgramNum:id",
     "PatNum CommDateTime CommType ProgramNum PatNum,CommDateTime,CommType UserNum"},
    {"emailmessage",
     "EmailMessageNum:pk PatNum:id ToAddress:ntext FromAddress:ntext Subject:ntext BodyText:ltext "
     "MsgDateTime:olddatetime SentOrReceived:utiny RecipientAddress:v255 RawEmailIn:ltext ProvNumWebMail:id "
     "PatNumSubj:id CcAddress:text BccAddress:text HideIn:tiny AptNum:id UserNum:id HtmlType:tiny "
     "SecDateTEntry:datetime SecDateTEdit:stamp MsgType:v255 FailReason:v255",
     "PatNum ProvNumWebMail PatNumSubj AptNum UserNum MsgDateTime,SentOrReceived SentOrReceived "
     "SentOrReceived,RecipientAddress(50),FromAddress(50) SecDateTEntry SecDateTEdit"},
    {"emailattach",
     "EmailAttachNum:pk EmailMessageNum:id DisplayedFileName:v255 ActualFileName:v255 EmailTemplateNum:id",
     "EmailMessageNum EmailTemplateNum"},
    {"task",
     "TaskNum:pk TaskListNum:id DateTask:date KeyNum:id Descript:ntext TaskStatus:utiny IsRepeating:utiny "
     "DateType:utiny FromNum:id ObjectType:utiny DateTimeEntry:datetime UserNum:id DateTimeFinished:datetime "
     "PriorityDefNum:id ReminderGroupId:v20 ReminderType:small ReminderFrequency:int "
     "DateTimeOriginal:datetime "
     "SecDateTEdit:stamp DescriptOverride:v255",
     "TaskListNum KeyNum PriorityDefNum SecDateTEdit DateTimeOriginal TaskStatus UserNum"},
    {"taskhist",
     "TaskHistNum:pk UserNumHist:id DateTStamp:datetime IsNoteChange:tiny TaskNum:id TaskListNum:id "
     "DateTask:date KeyNum:id Descript:text TaskStatus:tiny IsRepeating:tiny DateType:tiny FromNum:id "
     "ObjectType:tiny DateTimeEntry:datetime UserNum:id DateTimeFinished:datetime PriorityDefNum:id "
     "ReminderGroupId:v20 ReminderType:small ReminderFrequency:int DateTimeOriginal:datetime "
     "SecDateTEdit:stamp DescriptOverride:v255",
     "TaskNum SecDateTEdit DateTStamp KeyNum"},
    {"wikipage",
     "WikiPageNum:pk UserNum:id PageTitle:v255 KeyWords:v255 PageContent:mtext DateTimeSaved:datetime",
     "UserNum PageTitle"},
    {"wikipagehist",
     "WikiPageNum:pk UserNum:id PageTitle:v255 PageContent:mtext DateTimeSaved:datetime IsDeleted:tiny",
     "UserNum"},
    {"wikilisthist",
     "WikiListHistNum:pk UserNum:id ListName:v255 ListHeaders:text ListContent:mtext DateTimeSaved:datetime",
     "UserNum"},
};

constexpr TableDefinition kOffice[] = {
    {"preference", "PrefName:v255 ValueString:text PrefNum:pk Comments:ntext", "PrefName"},
    {"userod",
     "UserNum:pk UserName:v255 Password:v255 UserGroupNum:id EmployeeNum:id ClinicNum:id ProvNum:id "
     "IsHidden:tiny TaskListInBox:id PasswordIsStrong:tiny ClinicIsRestricted:tiny DateTFail:datetime "
     "FailedAttempts:utiny DomainUser:v255 IsPasswordResetRequired:tiny DateTLastLogin:datetime",
     "UserGroupNum ClinicNum ProvNum"},
    {"usergroup", "UserGroupNum:pk Description:v255 UserGroupNumCEMT:id", "UserGroupNumCEMT"},
    {"usergroupattach", "UserGroupAttachNum:pk UserNum:id UserGroupNum:id", "UserGroupNum UserNum"},
    {"grouppermission", "GroupPermNum:pk NewerDate:date NewerDays:int UserGroupNum:id PermType:utiny FKey:id",
     "FKey UserGroupNum"},
    {"definition",
     "DefNum:pk Category:utiny ItemOrder:small ItemName:v255 ItemValue:v255 ItemColor:int IsHidden:utiny",
     ""},
    {"provider",
     "ProvNum:pk Abbr:n255 ItemOrder:small LName:v100 FName:v100 MI:v100 Suffix:v100 FeeSched:id "
     "Specialty:id "
     "SSN:v12 StateLicense:v15 DEANum:v15 IsSecondary:tiny ProvColor:int IsHidden:tiny NationalProvID:v255 "
     "DateTStamp:stamp EmailAddressNum:id WebSchedDescript:text HourlyProdGoalAmt:money DateTerm:date",
     "EmailAddressNum FeeSched"},
    {"employee",
     "EmployeeNum:pk LName:v255 FName:v255 MiddleI:v255 IsHidden:tiny ClockStatus:v255 PhoneExt:int", ""},
    {"clinic",
     "ClinicNum:pk Description:v255 Address:v255 City:v255 State:v255 Zip:v255 Phone:v255 Abbr:v255", ""},
    {"operatory",
     "OperatoryNum:pk OpName:v255 Abbrev:v255 ItemOrder:small IsHidden:utiny ProvDentist:id ProvHygienist:id "
     "IsHygiene:utiny ClinicNum:id DateTStamp:stamp",
     "ProvDentist ProvHygienist ClinicNum"},
    {"carrier",
     "CarrierNum:pk CarrierName:v255 Address:v255 City:v255 State:v255 Zip:v255 Phone:v255 ElectID:v255 "
     "IsHidden:tiny SecUserNumEntry:id SecDateEntry:date SecDateTEdit:stamp TIN:v255 CarrierGroupName:id",
     "SecUserNumEntry CarrierNum,CarrierName CarrierGroupName"},
    {"procedurecode",
     "CodeNum:pk ProcCode:b15 Descript:v255 AbbrDesc:v50 ProcTime:v24 ProcCat:id TreatArea:utiny "
     "NoBillIns:utiny IsProsth:utiny DefaultNote:ntext IsHygiene:utiny LaymanTerm:v255 DateTStamp:stamp "
     "DefaultClaimNote:text DefaultTPNote:text ProvNumDefault:id",
     "ProcCode ProvNumDefault"},
    {"feesched", "FeeSchedNum:pk Description:v255 FeeSchedType:int ItemOrder:int IsHidden:tiny IsGlobal:tiny",
     ""},
    {"fee",
     "FeeNum:pk Amount:money OldCode:v15 FeeSched:id UseDefaultFee:utiny CodeNum:id ClinicNum:id ProvNum:id "
     "SecDateEntry:date SecDateTEdit:stamp",
     "FeeSched,CodeNum,ClinicNum,ProvNum CodeNum ClinicNum ProvNum"},
    {"recalltype", "RecallTypeNum:pk Description:n255 DefaultInterval:int TimePattern:n255 Procedures:n255",
     ""},
    {"medication", "MedicationNum:pk MedName:v255 GenericNum:id Notes:ntext DateTStamp:stamp RxCui:id",
     "RxCui"},
    {"allergydef", "AllergyDefNum:pk Description:v255 IsHidden:tiny DateTStamp:stamp MedicationNum:id",
     "MedicationNum"},
    {"tasklist",
     "TaskListNum:pk Descript:v255 Parent:id DateTL:date IsRepeating:utiny DateType:utiny FromNum:id "
     "ObjectType:utiny DateTimeEntry:datetime",
     "Parent"},
    {"schedule",
     "ScheduleNum:pk SchedDate:date StartTime:time StopTime:time SchedType:utiny ProvNum:id BlockoutType:id "
     "Note:ntext Status:utiny EmployeeNum:id DateTStamp:stamp ClinicNum:id",
     "SchedDate SchedType,BlockoutType ProvNum EmployeeNum,SchedDate"},
    {"signalod",
     "SignalNum:pk DateViewing:date SigDateTime:datetime FKey:id FKeyType:v255 IType:tiny RemoteRole:tiny "
     "MsgValue:text",
     "SigDateTime FKey IType"},
    {"wikilistheaderwidth",
     "WikiListHeaderWidthNum:pk ListName:v255 ColName:v255 ColWidth:int PickList:text IsHidden:tiny", ""},
    {"wikilist_suppliers", "suppliersNum:pk Company:ntext Contact:ntext Phone:ntext Remarks:ntext", ""},
};

}  // namespace

const std::vector<TableDefinition>& tableDefinitions() {
  static const std::vector<TableDefinition> all = [] {
    std::vector<TableDefinition> tables;
    const auto add = [&](const auto& part) {
      for (const TableDefinition& table : part) tables.push_back(table);
    };
    add(kPeople);
    add(kAccount);
    add(kHistory);
    add(kOffice);
    return tables;
  }();
  return all;
}

}  // namespace enamel::sample
