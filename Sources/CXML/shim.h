// libxml2's header of character sets names ICU's types, which clash with those that Foundation brings. Nothing here
// touches them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
#include <libxml/HTMLparser.h>
