import { finished } from "./harness.js";
import "./answerState.test.js";
import "./documentList.test.js";
import "./dom.test.js";
import "./events.test.js";
import "./fileChoice.test.js";
import "./format.test.js";
import "./problem.test.js";
import "./router.test.js";
import "./sourceText.test.js";
import "./state.test.js";
import "./uploads.test.js";

const results = await finished();
const output = document.createElement("pre");
output.id = "results";
output.textContent = JSON.stringify(results);
document.body.append(output);
