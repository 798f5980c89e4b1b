// Written by scripts/embed-assets. Do not edit.
#include "CWebAssets.h"

// The package compiles C with the default language mode, where clang calls #embed an extension of C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "web/css/account.css"
};
static const unsigned char file1[] = {
#embed "web/css/answer.css"
};
static const unsigned char file2[] = {
#embed "web/css/ask.css"
};
static const unsigned char file3[] = {
#embed "web/css/base.css"
};
static const unsigned char file4[] = {
#embed "web/css/button.css"
};
static const unsigned char file5[] = {
#embed "web/css/citation.css"
};
static const unsigned char file6[] = {
#embed "web/css/demonstration.css"
};
static const unsigned char file7[] = {
#embed "web/css/dialog.css"
};
static const unsigned char file8[] = {
#embed "web/css/document-list.css"
};
static const unsigned char file9[] = {
#embed "web/css/drop-zone.css"
};
static const unsigned char file10[] = {
#embed "web/css/embed.css"
};
static const unsigned char file11[] = {
#embed "web/css/empty.css"
};
static const unsigned char file12[] = {
#embed "web/css/evidence.css"
};
static const unsigned char file13[] = {
#embed "web/css/field.css"
};
static const unsigned char file14[] = {
#embed "web/css/forget.css"
};
static const unsigned char file15[] = {
#embed "web/css/found.css"
};
static const unsigned char file16[] = {
#embed "web/css/gallery.css"
};
static const unsigned char file17[] = {
#embed "web/css/jobs.css"
};
static const unsigned char file18[] = {
#embed "web/css/library.css"
};
static const unsigned char file19[] = {
#embed "web/css/notice.css"
};
static const unsigned char file20[] = {
#embed "web/css/problem.css"
};
static const unsigned char file21[] = {
#embed "web/css/shell.css"
};
static const unsigned char file22[] = {
#embed "web/css/sign-in.css"
};
static const unsigned char file23[] = {
#embed "web/css/source.css"
};
static const unsigned char file24[] = {
#embed "web/css/sources.css"
};
static const unsigned char file25[] = {
#embed "web/css/tokens.css"
};
static const unsigned char file26[] = {
#embed "web/css/trace.css"
};
static const unsigned char file27[] = {
#embed "web/embed.html"
};
static const unsigned char file28[] = {
#embed "web/favicon.svg"
};
static const unsigned char file29[] = {
#embed "web/gallery.html"
};
static const unsigned char file30[] = {
#embed "web/index.html"
};
static const unsigned char file31[] = {
#embed "web/js/account/apiKeys.js"
};
static const unsigned char file32[] = {
#embed "web/js/account/pageAccount.js"
};
static const unsigned char file33[] = {
#embed "web/js/account/proofKey.js"
};
static const unsigned char file34[] = {
#embed "web/js/ask/answerState.js"
};
static const unsigned char file35[] = {
#embed "web/js/ask/answerView.js"
};
static const unsigned char file36[] = {
#embed "web/js/ask/conversationExport.js"
};
static const unsigned char file37[] = {
#embed "web/js/ask/evidencePanel.js"
};
static const unsigned char file38[] = {
#embed "web/js/ask/pageAsk.js"
};
static const unsigned char file39[] = {
#embed "web/js/ask/proofDownload.js"
};
static const unsigned char file40[] = {
#embed "web/js/ask/recentQuestions.js"
};
static const unsigned char file41[] = {
#embed "web/js/ask/traceView.js"
};
static const unsigned char file42[] = {
#embed "web/js/base/api.js"
};
static const unsigned char file43[] = {
#embed "web/js/base/dialog.js"
};
static const unsigned char file44[] = {
#embed "web/js/base/dom.js"
};
static const unsigned char file45[] = {
#embed "web/js/base/download.js"
};
static const unsigned char file46[] = {
#embed "web/js/base/events.js"
};
static const unsigned char file47[] = {
#embed "web/js/base/format.js"
};
static const unsigned char file48[] = {
#embed "web/js/base/icon.js"
};
static const unsigned char file49[] = {
#embed "web/js/base/notice.js"
};
static const unsigned char file50[] = {
#embed "web/js/base/problem.js"
};
static const unsigned char file51[] = {
#embed "web/js/base/router.js"
};
static const unsigned char file52[] = {
#embed "web/js/base/session.js"
};
static const unsigned char file53[] = {
#embed "web/js/base/state.js"
};
static const unsigned char file54[] = {
#embed "web/js/base/theme.js"
};
static const unsigned char file55[] = {
#embed "web/js/demonstration/pageTwoChairs.js"
};
static const unsigned char file56[] = {
#embed "web/js/demonstration/personaBar.js"
};
static const unsigned char file57[] = {
#embed "web/js/demonstration/personas.js"
};
static const unsigned char file58[] = {
#embed "web/js/embed/pageEmbed.js"
};
static const unsigned char file59[] = {
#embed "web/js/forget/forgetState.js"
};
static const unsigned char file60[] = {
#embed "web/js/forget/forgetView.js"
};
static const unsigned char file61[] = {
#embed "web/js/found/duplicateGroups.js"
};
static const unsigned char file62[] = {
#embed "web/js/found/findingsView.js"
};
static const unsigned char file63[] = {
#embed "web/js/found/foundCalls.js"
};
static const unsigned char file64[] = {
#embed "web/js/found/foundWords.js"
};
static const unsigned char file65[] = {
#embed "web/js/found/heldText.js"
};
static const unsigned char file66[] = {
#embed "web/js/found/pageFound.js"
};
static const unsigned char file67[] = {
#embed "web/js/found/progressMeter.js"
};
static const unsigned char file68[] = {
#embed "web/js/found/reviewList.js"
};
static const unsigned char file69[] = {
#embed "web/js/found/suggestionList.js"
};
static const unsigned char file70[] = {
#embed "web/js/found/unreadableList.js"
};
static const unsigned char file71[] = {
#embed "web/js/gallery/librarySpecimens.js"
};
static const unsigned char file72[] = {
#embed "web/js/gallery/pageGallery.js"
};
static const unsigned char file73[] = {
#embed "web/js/gallery/sourceSpecimens.js"
};
static const unsigned char file74[] = {
#embed "web/js/jobs/jobList.js"
};
static const unsigned char file75[] = {
#embed "web/js/jobs/jobRows.js"
};
static const unsigned char file76[] = {
#embed "web/js/jobs/jobWords.js"
};
static const unsigned char file77[] = {
#embed "web/js/jobs/openJobs.js"
};
static const unsigned char file78[] = {
#embed "web/js/jobs/pageJobs.js"
};
static const unsigned char file79[] = {
#embed "web/js/library/collectionSettings.js"
};
static const unsigned char file80[] = {
#embed "web/js/library/collections.js"
};
static const unsigned char file81[] = {
#embed "web/js/library/documentList.js"
};
static const unsigned char file82[] = {
#embed "web/js/library/documentRows.js"
};
static const unsigned char file83[] = {
#embed "web/js/library/dropZone.js"
};
static const unsigned char file84[] = {
#embed "web/js/library/fileChoice.js"
};
static const unsigned char file85[] = {
#embed "web/js/library/openLibrary.js"
};
static const unsigned char file86[] = {
#embed "web/js/library/pageLibrary.js"
};
static const unsigned char file87[] = {
#embed "web/js/library/uploadSummary.js"
};
static const unsigned char file88[] = {
#embed "web/js/library/uploads.js"
};
static const unsigned char file89[] = {
#embed "web/js/main.js"
};
static const unsigned char file90[] = {
#embed "web/js/people/personQuestion.js"
};
static const unsigned char file91[] = {
#embed "web/js/shell/shell.js"
};
static const unsigned char file92[] = {
#embed "web/js/sign-in/pageSignIn.js"
};
static const unsigned char file93[] = {
#embed "web/js/source/aboutPanel.js"
};
static const unsigned char file94[] = {
#embed "web/js/source/accessPanel.js"
};
static const unsigned char file95[] = {
#embed "web/js/source/filingDialogs.js"
};
static const unsigned char file96[] = {
#embed "web/js/source/filingWords.js"
};
static const unsigned char file97[] = {
#embed "web/js/source/lineagePanel.js"
};
static const unsigned char file98[] = {
#embed "web/js/source/pageSource.js"
};
static const unsigned char file99[] = {
#embed "web/js/source/sourceText.js"
};
static const unsigned char file100[] = {
#embed "web/js/sources/connectionSteps.js"
};
static const unsigned char file101[] = {
#embed "web/js/sources/decisionPanel.js"
};
static const unsigned char file102[] = {
#embed "web/js/sources/hookPanel.js"
};
static const unsigned char file103[] = {
#embed "web/js/sources/kinds.js"
};
static const unsigned char file104[] = {
#embed "web/js/sources/optionFields.js"
};
static const unsigned char file105[] = {
#embed "web/js/sources/pageConnect.js"
};
static const unsigned char file106[] = {
#embed "web/js/sources/pageConnectedSource.js"
};
static const unsigned char file107[] = {
#embed "web/js/sources/pageEditSource.js"
};
static const unsigned char file108[] = {
#embed "web/js/sources/pageSources.js"
};
static const unsigned char file109[] = {
#embed "web/js/sources/problemList.js"
};
static const unsigned char file110[] = {
#embed "web/js/sources/sourceActions.js"
};
static const unsigned char file111[] = {
#embed "web/js/sources/sourceDraft.js"
};
static const unsigned char file112[] = {
#embed "web/js/sources/sourceFacts.js"
};
static const unsigned char file113[] = {
#embed "web/js/sources/sourceForm.js"
};
static const unsigned char file114[] = {
#embed "web/js/sources/sourceRows.js"
};
static const unsigned char file115[] = {
#embed "web/js/sources/sourceWords.js"
};
static const unsigned char file116[] = {
#embed "web/js/sources/visiblePanel.js"
};
static const unsigned char file117[] = {
#embed "web/js/sources/watch.js"
};
static const unsigned char file118[] = {
#embed "web/verify/bytes.js"
};
static const unsigned char file119[] = {
#embed "web/verify/frame.js"
};
static const unsigned char file120[] = {
#embed "web/verify/meaning.js"
};
static const unsigned char file121[] = {
#embed "web/verify/page.js"
};
static const unsigned char file122[] = {
#embed "web/verify/places.js"
};
static const unsigned char file123[] = {
#embed "web/verify/verify.css"
};
static const unsigned char file124[] = {
#embed "web/verify/verify.html"
};
static const unsigned char file125[] = {
#embed "web/widget.js"
};

static const cwa_asset assets[] = {
    {"css/account.css", file0, sizeof file0},
    {"css/answer.css", file1, sizeof file1},
    {"css/ask.css", file2, sizeof file2},
    {"css/base.css", file3, sizeof file3},
    {"css/button.css", file4, sizeof file4},
    {"css/citation.css", file5, sizeof file5},
    {"css/demonstration.css", file6, sizeof file6},
    {"css/dialog.css", file7, sizeof file7},
    {"css/document-list.css", file8, sizeof file8},
    {"css/drop-zone.css", file9, sizeof file9},
    {"css/embed.css", file10, sizeof file10},
    {"css/empty.css", file11, sizeof file11},
    {"css/evidence.css", file12, sizeof file12},
    {"css/field.css", file13, sizeof file13},
    {"css/forget.css", file14, sizeof file14},
    {"css/found.css", file15, sizeof file15},
    {"css/gallery.css", file16, sizeof file16},
    {"css/jobs.css", file17, sizeof file17},
    {"css/library.css", file18, sizeof file18},
    {"css/notice.css", file19, sizeof file19},
    {"css/problem.css", file20, sizeof file20},
    {"css/shell.css", file21, sizeof file21},
    {"css/sign-in.css", file22, sizeof file22},
    {"css/source.css", file23, sizeof file23},
    {"css/sources.css", file24, sizeof file24},
    {"css/tokens.css", file25, sizeof file25},
    {"css/trace.css", file26, sizeof file26},
    {"embed.html", file27, sizeof file27},
    {"favicon.svg", file28, sizeof file28},
    {"gallery.html", file29, sizeof file29},
    {"index.html", file30, sizeof file30},
    {"js/account/apiKeys.js", file31, sizeof file31},
    {"js/account/pageAccount.js", file32, sizeof file32},
    {"js/account/proofKey.js", file33, sizeof file33},
    {"js/ask/answerState.js", file34, sizeof file34},
    {"js/ask/answerView.js", file35, sizeof file35},
    {"js/ask/conversationExport.js", file36, sizeof file36},
    {"js/ask/evidencePanel.js", file37, sizeof file37},
    {"js/ask/pageAsk.js", file38, sizeof file38},
    {"js/ask/proofDownload.js", file39, sizeof file39},
    {"js/ask/recentQuestions.js", file40, sizeof file40},
    {"js/ask/traceView.js", file41, sizeof file41},
    {"js/base/api.js", file42, sizeof file42},
    {"js/base/dialog.js", file43, sizeof file43},
    {"js/base/dom.js", file44, sizeof file44},
    {"js/base/download.js", file45, sizeof file45},
    {"js/base/events.js", file46, sizeof file46},
    {"js/base/format.js", file47, sizeof file47},
    {"js/base/icon.js", file48, sizeof file48},
    {"js/base/notice.js", file49, sizeof file49},
    {"js/base/problem.js", file50, sizeof file50},
    {"js/base/router.js", file51, sizeof file51},
    {"js/base/session.js", file52, sizeof file52},
    {"js/base/state.js", file53, sizeof file53},
    {"js/base/theme.js", file54, sizeof file54},
    {"js/demonstration/pageTwoChairs.js", file55, sizeof file55},
    {"js/demonstration/personaBar.js", file56, sizeof file56},
    {"js/demonstration/personas.js", file57, sizeof file57},
    {"js/embed/pageEmbed.js", file58, sizeof file58},
    {"js/forget/forgetState.js", file59, sizeof file59},
    {"js/forget/forgetView.js", file60, sizeof file60},
    {"js/found/duplicateGroups.js", file61, sizeof file61},
    {"js/found/findingsView.js", file62, sizeof file62},
    {"js/found/foundCalls.js", file63, sizeof file63},
    {"js/found/foundWords.js", file64, sizeof file64},
    {"js/found/heldText.js", file65, sizeof file65},
    {"js/found/pageFound.js", file66, sizeof file66},
    {"js/found/progressMeter.js", file67, sizeof file67},
    {"js/found/reviewList.js", file68, sizeof file68},
    {"js/found/suggestionList.js", file69, sizeof file69},
    {"js/found/unreadableList.js", file70, sizeof file70},
    {"js/gallery/librarySpecimens.js", file71, sizeof file71},
    {"js/gallery/pageGallery.js", file72, sizeof file72},
    {"js/gallery/sourceSpecimens.js", file73, sizeof file73},
    {"js/jobs/jobList.js", file74, sizeof file74},
    {"js/jobs/jobRows.js", file75, sizeof file75},
    {"js/jobs/jobWords.js", file76, sizeof file76},
    {"js/jobs/openJobs.js", file77, sizeof file77},
    {"js/jobs/pageJobs.js", file78, sizeof file78},
    {"js/library/collectionSettings.js", file79, sizeof file79},
    {"js/library/collections.js", file80, sizeof file80},
    {"js/library/documentList.js", file81, sizeof file81},
    {"js/library/documentRows.js", file82, sizeof file82},
    {"js/library/dropZone.js", file83, sizeof file83},
    {"js/library/fileChoice.js", file84, sizeof file84},
    {"js/library/openLibrary.js", file85, sizeof file85},
    {"js/library/pageLibrary.js", file86, sizeof file86},
    {"js/library/uploadSummary.js", file87, sizeof file87},
    {"js/library/uploads.js", file88, sizeof file88},
    {"js/main.js", file89, sizeof file89},
    {"js/people/personQuestion.js", file90, sizeof file90},
    {"js/shell/shell.js", file91, sizeof file91},
    {"js/sign-in/pageSignIn.js", file92, sizeof file92},
    {"js/source/aboutPanel.js", file93, sizeof file93},
    {"js/source/accessPanel.js", file94, sizeof file94},
    {"js/source/filingDialogs.js", file95, sizeof file95},
    {"js/source/filingWords.js", file96, sizeof file96},
    {"js/source/lineagePanel.js", file97, sizeof file97},
    {"js/source/pageSource.js", file98, sizeof file98},
    {"js/source/sourceText.js", file99, sizeof file99},
    {"js/sources/connectionSteps.js", file100, sizeof file100},
    {"js/sources/decisionPanel.js", file101, sizeof file101},
    {"js/sources/hookPanel.js", file102, sizeof file102},
    {"js/sources/kinds.js", file103, sizeof file103},
    {"js/sources/optionFields.js", file104, sizeof file104},
    {"js/sources/pageConnect.js", file105, sizeof file105},
    {"js/sources/pageConnectedSource.js", file106, sizeof file106},
    {"js/sources/pageEditSource.js", file107, sizeof file107},
    {"js/sources/pageSources.js", file108, sizeof file108},
    {"js/sources/problemList.js", file109, sizeof file109},
    {"js/sources/sourceActions.js", file110, sizeof file110},
    {"js/sources/sourceDraft.js", file111, sizeof file111},
    {"js/sources/sourceFacts.js", file112, sizeof file112},
    {"js/sources/sourceForm.js", file113, sizeof file113},
    {"js/sources/sourceRows.js", file114, sizeof file114},
    {"js/sources/sourceWords.js", file115, sizeof file115},
    {"js/sources/visiblePanel.js", file116, sizeof file116},
    {"js/sources/watch.js", file117, sizeof file117},
    {"verify/bytes.js", file118, sizeof file118},
    {"verify/frame.js", file119, sizeof file119},
    {"verify/meaning.js", file120, sizeof file120},
    {"verify/page.js", file121, sizeof file121},
    {"verify/places.js", file122, sizeof file122},
    {"verify/verify.css", file123, sizeof file123},
    {"verify/verify.html", file124, sizeof file124},
    {"widget.js", file125, sizeof file125},
};

size_t cwa_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const cwa_asset *cwa_asset_at(size_t index) { return index < cwa_asset_count() ? &assets[index] : NULL; }
