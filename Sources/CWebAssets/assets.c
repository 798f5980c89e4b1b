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
#embed "web/css/dialog.css"
};
static const unsigned char file7[] = {
#embed "web/css/document-list.css"
};
static const unsigned char file8[] = {
#embed "web/css/drop-zone.css"
};
static const unsigned char file9[] = {
#embed "web/css/empty.css"
};
static const unsigned char file10[] = {
#embed "web/css/evidence.css"
};
static const unsigned char file11[] = {
#embed "web/css/field.css"
};
static const unsigned char file12[] = {
#embed "web/css/gallery.css"
};
static const unsigned char file13[] = {
#embed "web/css/library.css"
};
static const unsigned char file14[] = {
#embed "web/css/notice.css"
};
static const unsigned char file15[] = {
#embed "web/css/problem.css"
};
static const unsigned char file16[] = {
#embed "web/css/shell.css"
};
static const unsigned char file17[] = {
#embed "web/css/sign-in.css"
};
static const unsigned char file18[] = {
#embed "web/css/source.css"
};
static const unsigned char file19[] = {
#embed "web/css/tokens.css"
};
static const unsigned char file20[] = {
#embed "web/favicon.svg"
};
static const unsigned char file21[] = {
#embed "web/gallery.html"
};
static const unsigned char file22[] = {
#embed "web/index.html"
};
static const unsigned char file23[] = {
#embed "web/js/account/apiKeys.js"
};
static const unsigned char file24[] = {
#embed "web/js/account/pageAccount.js"
};
static const unsigned char file25[] = {
#embed "web/js/ask/answerState.js"
};
static const unsigned char file26[] = {
#embed "web/js/ask/answerView.js"
};
static const unsigned char file27[] = {
#embed "web/js/ask/evidencePanel.js"
};
static const unsigned char file28[] = {
#embed "web/js/ask/pageAsk.js"
};
static const unsigned char file29[] = {
#embed "web/js/ask/recentQuestions.js"
};
static const unsigned char file30[] = {
#embed "web/js/base/api.js"
};
static const unsigned char file31[] = {
#embed "web/js/base/dialog.js"
};
static const unsigned char file32[] = {
#embed "web/js/base/dom.js"
};
static const unsigned char file33[] = {
#embed "web/js/base/events.js"
};
static const unsigned char file34[] = {
#embed "web/js/base/format.js"
};
static const unsigned char file35[] = {
#embed "web/js/base/icon.js"
};
static const unsigned char file36[] = {
#embed "web/js/base/notice.js"
};
static const unsigned char file37[] = {
#embed "web/js/base/problem.js"
};
static const unsigned char file38[] = {
#embed "web/js/base/router.js"
};
static const unsigned char file39[] = {
#embed "web/js/base/session.js"
};
static const unsigned char file40[] = {
#embed "web/js/base/state.js"
};
static const unsigned char file41[] = {
#embed "web/js/base/theme.js"
};
static const unsigned char file42[] = {
#embed "web/js/gallery/pageGallery.js"
};
static const unsigned char file43[] = {
#embed "web/js/library/collections.js"
};
static const unsigned char file44[] = {
#embed "web/js/library/documentList.js"
};
static const unsigned char file45[] = {
#embed "web/js/library/documentRows.js"
};
static const unsigned char file46[] = {
#embed "web/js/library/dropZone.js"
};
static const unsigned char file47[] = {
#embed "web/js/library/fileChoice.js"
};
static const unsigned char file48[] = {
#embed "web/js/library/openLibrary.js"
};
static const unsigned char file49[] = {
#embed "web/js/library/pageLibrary.js"
};
static const unsigned char file50[] = {
#embed "web/js/library/uploadSummary.js"
};
static const unsigned char file51[] = {
#embed "web/js/library/uploads.js"
};
static const unsigned char file52[] = {
#embed "web/js/main.js"
};
static const unsigned char file53[] = {
#embed "web/js/shell/shell.js"
};
static const unsigned char file54[] = {
#embed "web/js/sign-in/pageSignIn.js"
};
static const unsigned char file55[] = {
#embed "web/js/source/accessPanel.js"
};
static const unsigned char file56[] = {
#embed "web/js/source/pageSource.js"
};
static const unsigned char file57[] = {
#embed "web/js/source/sourceText.js"
};

static const cwa_asset assets[] = {
    {"css/account.css", file0, sizeof file0},
    {"css/answer.css", file1, sizeof file1},
    {"css/ask.css", file2, sizeof file2},
    {"css/base.css", file3, sizeof file3},
    {"css/button.css", file4, sizeof file4},
    {"css/citation.css", file5, sizeof file5},
    {"css/dialog.css", file6, sizeof file6},
    {"css/document-list.css", file7, sizeof file7},
    {"css/drop-zone.css", file8, sizeof file8},
    {"css/empty.css", file9, sizeof file9},
    {"css/evidence.css", file10, sizeof file10},
    {"css/field.css", file11, sizeof file11},
    {"css/gallery.css", file12, sizeof file12},
    {"css/library.css", file13, sizeof file13},
    {"css/notice.css", file14, sizeof file14},
    {"css/problem.css", file15, sizeof file15},
    {"css/shell.css", file16, sizeof file16},
    {"css/sign-in.css", file17, sizeof file17},
    {"css/source.css", file18, sizeof file18},
    {"css/tokens.css", file19, sizeof file19},
    {"favicon.svg", file20, sizeof file20},
    {"gallery.html", file21, sizeof file21},
    {"index.html", file22, sizeof file22},
    {"js/account/apiKeys.js", file23, sizeof file23},
    {"js/account/pageAccount.js", file24, sizeof file24},
    {"js/ask/answerState.js", file25, sizeof file25},
    {"js/ask/answerView.js", file26, sizeof file26},
    {"js/ask/evidencePanel.js", file27, sizeof file27},
    {"js/ask/pageAsk.js", file28, sizeof file28},
    {"js/ask/recentQuestions.js", file29, sizeof file29},
    {"js/base/api.js", file30, sizeof file30},
    {"js/base/dialog.js", file31, sizeof file31},
    {"js/base/dom.js", file32, sizeof file32},
    {"js/base/events.js", file33, sizeof file33},
    {"js/base/format.js", file34, sizeof file34},
    {"js/base/icon.js", file35, sizeof file35},
    {"js/base/notice.js", file36, sizeof file36},
    {"js/base/problem.js", file37, sizeof file37},
    {"js/base/router.js", file38, sizeof file38},
    {"js/base/session.js", file39, sizeof file39},
    {"js/base/state.js", file40, sizeof file40},
    {"js/base/theme.js", file41, sizeof file41},
    {"js/gallery/pageGallery.js", file42, sizeof file42},
    {"js/library/collections.js", file43, sizeof file43},
    {"js/library/documentList.js", file44, sizeof file44},
    {"js/library/documentRows.js", file45, sizeof file45},
    {"js/library/dropZone.js", file46, sizeof file46},
    {"js/library/fileChoice.js", file47, sizeof file47},
    {"js/library/openLibrary.js", file48, sizeof file48},
    {"js/library/pageLibrary.js", file49, sizeof file49},
    {"js/library/uploadSummary.js", file50, sizeof file50},
    {"js/library/uploads.js", file51, sizeof file51},
    {"js/main.js", file52, sizeof file52},
    {"js/shell/shell.js", file53, sizeof file53},
    {"js/sign-in/pageSignIn.js", file54, sizeof file54},
    {"js/source/accessPanel.js", file55, sizeof file55},
    {"js/source/pageSource.js", file56, sizeof file56},
    {"js/source/sourceText.js", file57, sizeof file57},
};

size_t cwa_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const cwa_asset *cwa_asset_at(size_t index) { return index < cwa_asset_count() ? &assets[index] : NULL; }
