// SPDX-License-Identifier: MIT
#pragma once
// The doors that a bot needs: the bytes of a message go in, text that a person reads comes out.

#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/core/version.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/receive/receiver_options.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/safe_text.hpp>
