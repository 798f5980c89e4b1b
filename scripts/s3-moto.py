"""moto's S3 on a loopback port, checking signatures, for the tests of the S3 connector.

s3-moto.py FOLDER PORT: FOLDER/keys then holds the access key and the secret key of a user who may do everything.
Everything is in memory. Ends with SIGTERM.
"""
import json
import os
import sys
import threading

# Making the user takes three calls; everything after them is checked.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "3"

import boto3  # noqa: E402
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402

folder, port = sys.argv[1], int(sys.argv[2])
ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False).start()
iam = boto3.client("iam", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
                   aws_access_key_id="none", aws_secret_access_key="none")
iam.create_user(UserName="tester")
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="tester", PolicyName="all", PolicyDocument=json.dumps(policy))
key = iam.create_access_key(UserName="tester")["AccessKey"]
with open(os.path.join(folder, "keys.new"), "w", encoding="utf-8") as keys:
    keys.write(f"{key['AccessKeyId']} {key['SecretAccessKey']}\n")
os.rename(os.path.join(folder, "keys.new"), os.path.join(folder, "keys"))
threading.Event().wait()
