// Written by scripts/embed-assets. Do not edit.
#include "CWebAssets.h"

// The package compiles C with the default language mode, where clang calls #embed an extension of C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "web/css/account.css"
};
static const unsigned char file1[] = {
#embed "web/css/administration.css"
};
static const unsigned char file2[] = {
#embed "web/css/answer.css"
};
static const unsigned char file3[] = {
#embed "web/css/ask.css"
};
static const unsigned char file4[] = {
#embed "web/css/base.css"
};
static const unsigned char file5[] = {
#embed "web/css/button.css"
};
static const unsigned char file6[] = {
#embed "web/css/citation.css"
};
static const unsigned char file7[] = {
#embed "web/css/compare.css"
};
static const unsigned char file8[] = {
#embed "web/css/demonstration.css"
};
static const unsigned char file9[] = {
#embed "web/css/dialog.css"
};
static const unsigned char file10[] = {
#embed "web/css/document-list.css"
};
static const unsigned char file11[] = {
#embed "web/css/drop-zone.css"
};
static const unsigned char file12[] = {
#embed "web/css/embed.css"
};
static const unsigned char file13[] = {
#embed "web/css/empty.css"
};
static const unsigned char file14[] = {
#embed "web/css/evidence.css"
};
static const unsigned char file15[] = {
#embed "web/css/field.css"
};
static const unsigned char file16[] = {
#embed "web/css/forget.css"
};
static const unsigned char file17[] = {
#embed "web/css/found.css"
};
static const unsigned char file18[] = {
#embed "web/css/gallery.css"
};
static const unsigned char file19[] = {
#embed "web/css/jobs.css"
};
static const unsigned char file20[] = {
#embed "web/css/library.css"
};
static const unsigned char file21[] = {
#embed "web/css/notice.css"
};
static const unsigned char file22[] = {
#embed "web/css/page.css"
};
static const unsigned char file23[] = {
#embed "web/css/problem.css"
};
static const unsigned char file24[] = {
#embed "web/css/shell.css"
};
static const unsigned char file25[] = {
#embed "web/css/sign-in.css"
};
static const unsigned char file26[] = {
#embed "web/css/source.css"
};
static const unsigned char file27[] = {
#embed "web/css/sources.css"
};
static const unsigned char file28[] = {
#embed "web/css/tokens.css"
};
static const unsigned char file29[] = {
#embed "web/css/trace.css"
};
static const unsigned char file30[] = {
#embed "web/embed.html"
};
static const unsigned char file31[] = {
#embed "web/favicon.svg"
};
static const unsigned char file32[] = {
#embed "web/gallery.html"
};
static const unsigned char file33[] = {
#embed "web/index.html"
};
static const unsigned char file34[] = {
#embed "web/js/account/apiKeys.js"
};
static const unsigned char file35[] = {
#embed "web/js/account/pageAccount.js"
};
static const unsigned char file36[] = {
#embed "web/js/account/proofKey.js"
};
static const unsigned char file37[] = {
#embed "web/js/administration/accessForm.js"
};
static const unsigned char file38[] = {
#embed "web/js/administration/administrationFrame.js"
};
static const unsigned char file39[] = {
#embed "web/js/administration/auditWords.js"
};
static const unsigned char file40[] = {
#embed "web/js/administration/names.js"
};
static const unsigned char file41[] = {
#embed "web/js/administration/pageAudit.js"
};
static const unsigned char file42[] = {
#embed "web/js/administration/pageCollections.js"
};
static const unsigned char file43[] = {
#embed "web/js/administration/pageGroup.js"
};
static const unsigned char file44[] = {
#embed "web/js/administration/pageGroups.js"
};
static const unsigned char file45[] = {
#embed "web/js/administration/pageHealth.js"
};
static const unsigned char file46[] = {
#embed "web/js/administration/pageKeys.js"
};
static const unsigned char file47[] = {
#embed "web/js/administration/pagePeople.js"
};
static const unsigned char file48[] = {
#embed "web/js/administration/pagedList.js"
};
static const unsigned char file49[] = {
#embed "web/js/administration/personForm.js"
};
static const unsigned char file50[] = {
#embed "web/js/ask/answerState.js"
};
static const unsigned char file51[] = {
#embed "web/js/ask/answerView.js"
};
static const unsigned char file52[] = {
#embed "web/js/ask/conversationExport.js"
};
static const unsigned char file53[] = {
#embed "web/js/ask/evidencePanel.js"
};
static const unsigned char file54[] = {
#embed "web/js/ask/pageAsk.js"
};
static const unsigned char file55[] = {
#embed "web/js/ask/passageInspector.js"
};
static const unsigned char file56[] = {
#embed "web/js/ask/passageWords.js"
};
static const unsigned char file57[] = {
#embed "web/js/ask/proofDownload.js"
};
static const unsigned char file58[] = {
#embed "web/js/ask/recentQuestions.js"
};
static const unsigned char file59[] = {
#embed "web/js/ask/traceView.js"
};
static const unsigned char file60[] = {
#embed "web/js/base/api.js"
};
static const unsigned char file61[] = {
#embed "web/js/base/dialog.js"
};
static const unsigned char file62[] = {
#embed "web/js/base/dom.js"
};
static const unsigned char file63[] = {
#embed "web/js/base/download.js"
};
static const unsigned char file64[] = {
#embed "web/js/base/events.js"
};
static const unsigned char file65[] = {
#embed "web/js/base/format.js"
};
static const unsigned char file66[] = {
#embed "web/js/base/icon.js"
};
static const unsigned char file67[] = {
#embed "web/js/base/notice.js"
};
static const unsigned char file68[] = {
#embed "web/js/base/problem.js"
};
static const unsigned char file69[] = {
#embed "web/js/base/pseudoLocale.js"
};
static const unsigned char file70[] = {
#embed "web/js/base/router.js"
};
static const unsigned char file71[] = {
#embed "web/js/base/session.js"
};
static const unsigned char file72[] = {
#embed "web/js/base/state.js"
};
static const unsigned char file73[] = {
#embed "web/js/base/theme.js"
};
static const unsigned char file74[] = {
#embed "web/js/compare/comparisonView.js"
};
static const unsigned char file75[] = {
#embed "web/js/compare/comparisonWords.js"
};
static const unsigned char file76[] = {
#embed "web/js/compare/pageCompare.js"
};
static const unsigned char file77[] = {
#embed "web/js/demonstration/pageTwoChairs.js"
};
static const unsigned char file78[] = {
#embed "web/js/demonstration/personaBar.js"
};
static const unsigned char file79[] = {
#embed "web/js/demonstration/personas.js"
};
static const unsigned char file80[] = {
#embed "web/js/embed/pageEmbed.js"
};
static const unsigned char file81[] = {
#embed "web/js/forget/forgetState.js"
};
static const unsigned char file82[] = {
#embed "web/js/forget/forgetView.js"
};
static const unsigned char file83[] = {
#embed "web/js/found/duplicateGroups.js"
};
static const unsigned char file84[] = {
#embed "web/js/found/findingsView.js"
};
static const unsigned char file85[] = {
#embed "web/js/found/foundCalls.js"
};
static const unsigned char file86[] = {
#embed "web/js/found/foundWords.js"
};
static const unsigned char file87[] = {
#embed "web/js/found/heldText.js"
};
static const unsigned char file88[] = {
#embed "web/js/found/pageFound.js"
};
static const unsigned char file89[] = {
#embed "web/js/found/progressMeter.js"
};
static const unsigned char file90[] = {
#embed "web/js/found/reviewList.js"
};
static const unsigned char file91[] = {
#embed "web/js/found/suggestionList.js"
};
static const unsigned char file92[] = {
#embed "web/js/found/unreadableList.js"
};
static const unsigned char file93[] = {
#embed "web/js/gallery/documentSpecimens.js"
};
static const unsigned char file94[] = {
#embed "web/js/gallery/librarySpecimens.js"
};
static const unsigned char file95[] = {
#embed "web/js/gallery/pageGallery.js"
};
static const unsigned char file96[] = {
#embed "web/js/gallery/sourceSpecimens.js"
};
static const unsigned char file97[] = {
#embed "web/js/jobs/jobList.js"
};
static const unsigned char file98[] = {
#embed "web/js/jobs/jobRows.js"
};
static const unsigned char file99[] = {
#embed "web/js/jobs/jobWords.js"
};
static const unsigned char file100[] = {
#embed "web/js/jobs/openJobs.js"
};
static const unsigned char file101[] = {
#embed "web/js/jobs/pageJobs.js"
};
static const unsigned char file102[] = {
#embed "web/js/library/collectionSettings.js"
};
static const unsigned char file103[] = {
#embed "web/js/library/collections.js"
};
static const unsigned char file104[] = {
#embed "web/js/library/documentList.js"
};
static const unsigned char file105[] = {
#embed "web/js/library/documentRows.js"
};
static const unsigned char file106[] = {
#embed "web/js/library/dropZone.js"
};
static const unsigned char file107[] = {
#embed "web/js/library/fileChoice.js"
};
static const unsigned char file108[] = {
#embed "web/js/library/openLibrary.js"
};
static const unsigned char file109[] = {
#embed "web/js/library/pageLibrary.js"
};
static const unsigned char file110[] = {
#embed "web/js/library/uploadSummary.js"
};
static const unsigned char file111[] = {
#embed "web/js/library/uploads.js"
};
static const unsigned char file112[] = {
#embed "web/js/main.js"
};
static const unsigned char file113[] = {
#embed "web/js/pages/pageMarks.js"
};
static const unsigned char file114[] = {
#embed "web/js/pages/pageOrText.js"
};
static const unsigned char file115[] = {
#embed "web/js/pages/pageView.js"
};
static const unsigned char file116[] = {
#embed "web/js/people/personQuestion.js"
};
static const unsigned char file117[] = {
#embed "web/js/shell/shell.js"
};
static const unsigned char file118[] = {
#embed "web/js/sign-in/pageSignIn.js"
};
static const unsigned char file119[] = {
#embed "web/js/source/aboutPanel.js"
};
static const unsigned char file120[] = {
#embed "web/js/source/accessPanel.js"
};
static const unsigned char file121[] = {
#embed "web/js/source/filingDialogs.js"
};
static const unsigned char file122[] = {
#embed "web/js/source/filingWords.js"
};
static const unsigned char file123[] = {
#embed "web/js/source/lineagePanel.js"
};
static const unsigned char file124[] = {
#embed "web/js/source/pageSource.js"
};
static const unsigned char file125[] = {
#embed "web/js/source/sourceText.js"
};
static const unsigned char file126[] = {
#embed "web/js/sources/connectionSteps.js"
};
static const unsigned char file127[] = {
#embed "web/js/sources/decisionPanel.js"
};
static const unsigned char file128[] = {
#embed "web/js/sources/hookPanel.js"
};
static const unsigned char file129[] = {
#embed "web/js/sources/kinds.js"
};
static const unsigned char file130[] = {
#embed "web/js/sources/optionFields.js"
};
static const unsigned char file131[] = {
#embed "web/js/sources/pageConnect.js"
};
static const unsigned char file132[] = {
#embed "web/js/sources/pageConnectedSource.js"
};
static const unsigned char file133[] = {
#embed "web/js/sources/pageEditSource.js"
};
static const unsigned char file134[] = {
#embed "web/js/sources/pageSources.js"
};
static const unsigned char file135[] = {
#embed "web/js/sources/problemList.js"
};
static const unsigned char file136[] = {
#embed "web/js/sources/sourceActions.js"
};
static const unsigned char file137[] = {
#embed "web/js/sources/sourceDraft.js"
};
static const unsigned char file138[] = {
#embed "web/js/sources/sourceFacts.js"
};
static const unsigned char file139[] = {
#embed "web/js/sources/sourceForm.js"
};
static const unsigned char file140[] = {
#embed "web/js/sources/sourceRows.js"
};
static const unsigned char file141[] = {
#embed "web/js/sources/sourceWords.js"
};
static const unsigned char file142[] = {
#embed "web/js/sources/visiblePanel.js"
};
static const unsigned char file143[] = {
#embed "web/js/sources/watch.js"
};
static const unsigned char file144[] = {
#embed "web/verify/bytes.js"
};
static const unsigned char file145[] = {
#embed "web/verify/frame.js"
};
static const unsigned char file146[] = {
#embed "web/verify/meaning.js"
};
static const unsigned char file147[] = {
#embed "web/verify/page.js"
};
static const unsigned char file148[] = {
#embed "web/verify/places.js"
};
static const unsigned char file149[] = {
#embed "web/verify/verify.css"
};
static const unsigned char file150[] = {
#embed "web/verify/verify.html"
};
static const unsigned char file151[] = {
#embed "web/widget.js"
};

static const cwa_asset assets[] = {
    {"css/account.css", file0, sizeof file0},
    {"css/administration.css", file1, sizeof file1},
    {"css/answer.css", file2, sizeof file2},
    {"css/ask.css", file3, sizeof file3},
    {"css/base.css", file4, sizeof file4},
    {"css/button.css", file5, sizeof file5},
    {"css/citation.css", file6, sizeof file6},
    {"css/compare.css", file7, sizeof file7},
    {"css/demonstration.css", file8, sizeof file8},
    {"css/dialog.css", file9, sizeof file9},
    {"css/document-list.css", file10, sizeof file10},
    {"css/drop-zone.css", file11, sizeof file11},
    {"css/embed.css", file12, sizeof file12},
    {"css/empty.css", file13, sizeof file13},
    {"css/evidence.css", file14, sizeof file14},
    {"css/field.css", file15, sizeof file15},
    {"css/forget.css", file16, sizeof file16},
    {"css/found.css", file17, sizeof file17},
    {"css/gallery.css", file18, sizeof file18},
    {"css/jobs.css", file19, sizeof file19},
    {"css/library.css", file20, sizeof file20},
    {"css/notice.css", file21, sizeof file21},
    {"css/page.css", file22, sizeof file22},
    {"css/problem.css", file23, sizeof file23},
    {"css/shell.css", file24, sizeof file24},
    {"css/sign-in.css", file25, sizeof file25},
    {"css/source.css", file26, sizeof file26},
    {"css/sources.css", file27, sizeof file27},
    {"css/tokens.css", file28, sizeof file28},
    {"css/trace.css", file29, sizeof file29},
    {"embed.html", file30, sizeof file30},
    {"favicon.svg", file31, sizeof file31},
    {"gallery.html", file32, sizeof file32},
    {"index.html", file33, sizeof file33},
    {"js/account/apiKeys.js", file34, sizeof file34},
    {"js/account/pageAccount.js", file35, sizeof file35},
    {"js/account/proofKey.js", file36, sizeof file36},
    {"js/administration/accessForm.js", file37, sizeof file37},
    {"js/administration/administrationFrame.js", file38, sizeof file38},
    {"js/administration/auditWords.js", file39, sizeof file39},
    {"js/administration/names.js", file40, sizeof file40},
    {"js/administration/pageAudit.js", file41, sizeof file41},
    {"js/administration/pageCollections.js", file42, sizeof file42},
    {"js/administration/pageGroup.js", file43, sizeof file43},
    {"js/administration/pageGroups.js", file44, sizeof file44},
    {"js/administration/pageHealth.js", file45, sizeof file45},
    {"js/administration/pageKeys.js", file46, sizeof file46},
    {"js/administration/pagePeople.js", file47, sizeof file47},
    {"js/administration/pagedList.js", file48, sizeof file48},
    {"js/administration/personForm.js", file49, sizeof file49},
    {"js/ask/answerState.js", file50, sizeof file50},
    {"js/ask/answerView.js", file51, sizeof file51},
    {"js/ask/conversationExport.js", file52, sizeof file52},
    {"js/ask/evidencePanel.js", file53, sizeof file53},
    {"js/ask/pageAsk.js", file54, sizeof file54},
    {"js/ask/passageInspector.js", file55, sizeof file55},
    {"js/ask/passageWords.js", file56, sizeof file56},
    {"js/ask/proofDownload.js", file57, sizeof file57},
    {"js/ask/recentQuestions.js", file58, sizeof file58},
    {"js/ask/traceView.js", file59, sizeof file59},
    {"js/base/api.js", file60, sizeof file60},
    {"js/base/dialog.js", file61, sizeof file61},
    {"js/base/dom.js", file62, sizeof file62},
    {"js/base/download.js", file63, sizeof file63},
    {"js/base/events.js", file64, sizeof file64},
    {"js/base/format.js", file65, sizeof file65},
    {"js/base/icon.js", file66, sizeof file66},
    {"js/base/notice.js", file67, sizeof file67},
    {"js/base/problem.js", file68, sizeof file68},
    {"js/base/pseudoLocale.js", file69, sizeof file69},
    {"js/base/router.js", file70, sizeof file70},
    {"js/base/session.js", file71, sizeof file71},
    {"js/base/state.js", file72, sizeof file72},
    {"js/base/theme.js", file73, sizeof file73},
    {"js/compare/comparisonView.js", file74, sizeof file74},
    {"js/compare/comparisonWords.js", file75, sizeof file75},
    {"js/compare/pageCompare.js", file76, sizeof file76},
    {"js/demonstration/pageTwoChairs.js", file77, sizeof file77},
    {"js/demonstration/personaBar.js", file78, sizeof file78},
    {"js/demonstration/personas.js", file79, sizeof file79},
    {"js/embed/pageEmbed.js", file80, sizeof file80},
    {"js/forget/forgetState.js", file81, sizeof file81},
    {"js/forget/forgetView.js", file82, sizeof file82},
    {"js/found/duplicateGroups.js", file83, sizeof file83},
    {"js/found/findingsView.js", file84, sizeof file84},
    {"js/found/foundCalls.js", file85, sizeof file85},
    {"js/found/foundWords.js", file86, sizeof file86},
    {"js/found/heldText.js", file87, sizeof file87},
    {"js/found/pageFound.js", file88, sizeof file88},
    {"js/found/progressMeter.js", file89, sizeof file89},
    {"js/found/reviewList.js", file90, sizeof file90},
    {"js/found/suggestionList.js", file91, sizeof file91},
    {"js/found/unreadableList.js", file92, sizeof file92},
    {"js/gallery/documentSpecimens.js", file93, sizeof file93},
    {"js/gallery/librarySpecimens.js", file94, sizeof file94},
    {"js/gallery/pageGallery.js", file95, sizeof file95},
    {"js/gallery/sourceSpecimens.js", file96, sizeof file96},
    {"js/jobs/jobList.js", file97, sizeof file97},
    {"js/jobs/jobRows.js", file98, sizeof file98},
    {"js/jobs/jobWords.js", file99, sizeof file99},
    {"js/jobs/openJobs.js", file100, sizeof file100},
    {"js/jobs/pageJobs.js", file101, sizeof file101},
    {"js/library/collectionSettings.js", file102, sizeof file102},
    {"js/library/collections.js", file103, sizeof file103},
    {"js/library/documentList.js", file104, sizeof file104},
    {"js/library/documentRows.js", file105, sizeof file105},
    {"js/library/dropZone.js", file106, sizeof file106},
    {"js/library/fileChoice.js", file107, sizeof file107},
    {"js/library/openLibrary.js", file108, sizeof file108},
    {"js/library/pageLibrary.js", file109, sizeof file109},
    {"js/library/uploadSummary.js", file110, sizeof file110},
    {"js/library/uploads.js", file111, sizeof file111},
    {"js/main.js", file112, sizeof file112},
    {"js/pages/pageMarks.js", file113, sizeof file113},
    {"js/pages/pageOrText.js", file114, sizeof file114},
    {"js/pages/pageView.js", file115, sizeof file115},
    {"js/people/personQuestion.js", file116, sizeof file116},
    {"js/shell/shell.js", file117, sizeof file117},
    {"js/sign-in/pageSignIn.js", file118, sizeof file118},
    {"js/source/aboutPanel.js", file119, sizeof file119},
    {"js/source/accessPanel.js", file120, sizeof file120},
    {"js/source/filingDialogs.js", file121, sizeof file121},
    {"js/source/filingWords.js", file122, sizeof file122},
    {"js/source/lineagePanel.js", file123, sizeof file123},
    {"js/source/pageSource.js", file124, sizeof file124},
    {"js/source/sourceText.js", file125, sizeof file125},
    {"js/sources/connectionSteps.js", file126, sizeof file126},
    {"js/sources/decisionPanel.js", file127, sizeof file127},
    {"js/sources/hookPanel.js", file128, sizeof file128},
    {"js/sources/kinds.js", file129, sizeof file129},
    {"js/sources/optionFields.js", file130, sizeof file130},
    {"js/sources/pageConnect.js", file131, sizeof file131},
    {"js/sources/pageConnectedSource.js", file132, sizeof file132},
    {"js/sources/pageEditSource.js", file133, sizeof file133},
    {"js/sources/pageSources.js", file134, sizeof file134},
    {"js/sources/problemList.js", file135, sizeof file135},
    {"js/sources/sourceActions.js", file136, sizeof file136},
    {"js/sources/sourceDraft.js", file137, sizeof file137},
    {"js/sources/sourceFacts.js", file138, sizeof file138},
    {"js/sources/sourceForm.js", file139, sizeof file139},
    {"js/sources/sourceRows.js", file140, sizeof file140},
    {"js/sources/sourceWords.js", file141, sizeof file141},
    {"js/sources/visiblePanel.js", file142, sizeof file142},
    {"js/sources/watch.js", file143, sizeof file143},
    {"verify/bytes.js", file144, sizeof file144},
    {"verify/frame.js", file145, sizeof file145},
    {"verify/meaning.js", file146, sizeof file146},
    {"verify/page.js", file147, sizeof file147},
    {"verify/places.js", file148, sizeof file148},
    {"verify/verify.css", file149, sizeof file149},
    {"verify/verify.html", file150, sizeof file150},
    {"widget.js", file151, sizeof file151},
};

size_t cwa_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const cwa_asset *cwa_asset_at(size_t index) { return index < cwa_asset_count() ? &assets[index] : NULL; }
